package a

var e = &api.ExecConfig{
	APIVersion: "client.authentication.k8s.io/v1",
	Command:    "aws",
	Args:       []string{"eks", "update-kubeconfig"},
}
