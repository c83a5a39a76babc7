package kube

import "fmt"

const (
	// V1Alpha1 is client.authentication.k8s.io/v1alpha1.
	V1Alpha1 = "client.authentication.k8s.io/v1alpha1"
	V1Beta1  = "client.authentication.k8s.io/v1beta1"
)

var accepted = []string{"client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"}

func check(apiVersion string) error {
	if apiVersion == "client.authentication.k8s.io/v1alpha1" {
		return fmt.Errorf("invalid apiVersion %q, not client.authentication.k8s.io/v1beta1", apiVersion)
	}
	switch apiVersion {
	case "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1":
		return nil
	}
	return nil
}
