package kube

import clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

const execVersion = "client.authentication.k8s.io/v1alpha1"

func users(name string) map[string]any {
	return map[string]any{
		"exec": map[string]any{
			"apiVersion": "client.authentication.k8s.io/v1alpha1",
			"command":    "aws",
		},
	}
}

func auth() *clientcmdapi.AuthInfo {
	return &clientcmdapi.AuthInfo{
		Exec: &clientcmdapi.ExecConfig{
			APIVersion: "client.authentication.k8s.io/v1alpha1",
			Command:    "aws",
		},
	}
}

func newer() *clientcmdapi.ExecConfig {
	return &clientcmdapi.ExecConfig{APIVersion: "client.authentication.k8s.io/v1beta1", Command: "aws"}
}

var raw = `apiVersion: v1
kind: Config
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
`

var joined = "users:\n" +
	"- name: u\n" +
	"  user:\n" +
	"    exec:\n" +
	"      apiVersion: client.authentication.k8s.io/v1alpha1\n" +
	"      command: aws\n"

func isOld(v string) bool { return v == "client.authentication.k8s.io/v1alpha1" }
