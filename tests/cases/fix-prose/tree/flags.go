package main

func flags() {
	f.StringVar(&v, "exec-api-version", "client.authentication.k8s.io/v1alpha1", "apiVersion: client.authentication.k8s.io/v1alpha1 (default client.authentication.k8s.io/v1alpha1)")
	f.StringVar(&w, "exec-api-version", "client.authentication.k8s.io/v1alpha1", "--exec-api-version client.authentication.k8s.io/v1alpha1, which is v1alpha1")
	f.StringVar(&x, "exec-api-version", "client.authentication.k8s.io/v1alpha1", "--exec-api-version client.authentication.k8s.io/v1alpha1, or v1beta1 (default client.authentication.k8s.io/v1alpha1)")
	f.StringVar(&y, "exec-api-version", "client.authentication.k8s.io/v1alpha1", "--exec-api-version client.authentication.k8s.io/v1alpha1, not rbac.authorization.k8s.io/v1alpha1 (client.authentication.k8s.io/v1alpha1)")
	f.StringVar(&z, "exec-api-version", "client.authentication.k8s.io/v1alpha1", "api_version: client.authentication.k8s.io/v1alpha1, EXEC_API_VERSION=client.authentication.k8s.io/v1alpha1 (client.authentication.k8s.io/v1alpha1)")
}
