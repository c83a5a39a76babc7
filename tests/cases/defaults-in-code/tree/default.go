package main

func main() {
	cmd.Flags().StringVar(&v, "exec-api-version", "client.authentication.k8s.io/v1alpha1", "API version")
	apiVersion := os.Getenv("V")
	if apiVersion == "" {
		apiVersion = "client.authentication.k8s.io/v1alpha1"
	}
	v := os.Getenv("V")
	if v == "" {
		v = "client.authentication.k8s.io/v1alpha1"
	}
	e := &api.ExecConfig{APIVersion: v, Command: "aws"}
}
