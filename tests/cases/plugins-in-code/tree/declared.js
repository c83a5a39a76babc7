function version() { const apiVersion = "client.authentication.k8s.io/v1alpha1"; return apiVersion; }
