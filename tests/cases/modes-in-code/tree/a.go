package a

var literal = &api.ExecConfig{
	APIVersion: "client.authentication.k8s.io/v1",
	Command:    "aws",
	Args:       []string{"eks", "get-token"},
}

var complete = &api.ExecConfig{
	APIVersion:      "client.authentication.k8s.io/v1",
	Command:         "aws",
	InteractiveMode: api.IfAvailableExecInteractiveMode,
}

var old = &api.ExecConfig{
	APIVersion: "client.authentication.k8s.io/v1alpha1",
	Command:    "scw",
	Args:       []string{"k8s", "exec-credential"},
}

func set(e *api.ExecConfig) {
	e.APIVersion = "client.authentication.k8s.io/v1"
	e.Command = "aws"
}

func flags(user string) []string {
	return []string{
		"config", "set-credentials", user,
		"--exec-command=aws",
		"--exec-api-version=client.authentication.k8s.io/v1",
		"--exec-arg=eks,get-token",
	}
}
