package v1alpha1

// GroupName is the group name used in this package.
const GroupName = "client.authentication.k8s.io"

var SchemeGroupVersion = schema.GroupVersion{Group: GroupName, Version: "v1alpha1"}
