package a

func migrate(s string) string {
	return strings.Replace(s,
		"apiVersion: client.authentication.k8s.io/v1alpha1",
		"apiVersion: client.authentication.k8s.io/v1beta1", 1)
}
