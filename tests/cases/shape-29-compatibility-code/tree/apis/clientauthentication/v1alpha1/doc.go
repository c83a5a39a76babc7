// +k8s:deepcopy-gen=package
// +groupName=client.authentication.k8s.io

// Package v1alpha1 is the old version of the exec API.
package v1alpha1
