package kube

import "testing"

func TestUsers(t *testing.T) {
	want := map[string]any{"apiVersion": "client.authentication.k8s.io/v1alpha1", "command": "aws"}
	in := `users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
`
	if got := isOld("client.authentication.k8s.io/v1alpha1"); !got {
		t.Errorf("%v %v", want, in)
	}
}
