package kube

import "testing"

func TestRefused(t *testing.T) {
	for _, test := range []struct{ name, apiVersion, err string }{
		{
			name:       "alpha",
			apiVersion: "client.authentication.k8s.io/v1alpha1",
			err:        `exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"`,
		},
		{name: "beta", apiVersion: "client.authentication.k8s.io/v1beta1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			exec := &ExecConfig{APIVersion: "client.authentication.k8s.io/v1alpha1", Command: "none"}
			if exec.APIVersion == "client.authentication.k8s.io/v1alpha1" {
				t.Fatal(check(exec.APIVersion))
			}
		})
	}
}
