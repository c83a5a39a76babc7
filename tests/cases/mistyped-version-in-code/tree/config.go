package config

const Group = "client.authentication.k8s.io"

var configs = []*api.ExecConfig{
	{APIVersion: "client.authentication.k8s.io", Command: "aws", Args: []string{"eks", "get-token"}},
	{APIVersion: "client.authentication.k8s.io/beta1", Command: "aws", Args: []string{"eks", "get-token"}},
	{APIVersion: "client.authentication.k8s.io/" + version, Command: "aws"},
	{APIVersion: fmt.Sprintf("client.authentication.k8s.io/%s", version), Command: "aws"},
}

func isOurs(group string) bool {
	return group == "client.authentication.k8s.io"
}
