package x
func f(v string) string {
	apiVersion := "client.authentication.k8s.io/v1beta1"
	if old(v) {
		apiVersion = "client.authentication.k8s.io/v1alpha1"
	}
	return apiVersion
}
