package a

func literal(n string) *api.ExecConfig {
	return &api.ExecConfig{
		APIVersion: "client.authentication.k8s.io/v1alpha1",
		Command:    "aws-iam-authenticator",
		Args:       []string{"token", "-i", n},
	}
}

func assigned(e *api.ExecConfig) {
	e.Command = "aws-iam-authenticator"
	e.Args = append(e.Args, "token", "-i", name)
	e.APIVersion = "client.authentication.k8s.io/v1alpha1"
}

func twice(a, b *api.ExecConfig) {
	a.Command = "scw"
	a.Args = []string{"k8s", "exec-credential"}
	a.APIVersion = "client.authentication.k8s.io/v1"
	b.Command = "gke-gcloud-auth-plugin"
	b.APIVersion = "client.authentication.k8s.io/v1"
}

func declared() {
	exec := &api.ExecConfig{Command: "scw", Args: []string{"k8s", "exec-credential"}}
	exec.APIVersion = "client.authentication.k8s.io/v1alpha1"
}

func lines(b *strings.Builder, n string) {
	b.WriteString("    exec:\n")
	b.WriteString("      apiVersion: client.authentication.k8s.io/v1alpha1\n")
	b.WriteString("      args:\n")
	b.WriteString("      - token\n")
	b.WriteString("      - " + n + "\n")
	b.WriteString("      command: aws-iam-authenticator\n")
}

func flags(user string) []string {
	return []string{"config", "set-credentials", user,
		"--exec-api-version=client.authentication.k8s.io/v1alpha1",
		"--exec-command", "aws-iam-authenticator",
		"--exec-arg=token", "--exec-arg=-i", "--exec-arg=" + user,
	}
}
