package main

func entry() *api.ExecConfig {
	return &api.ExecConfig{
		APIVersion: "client.authentication.k8s.io/v1alpha1",
		Command:    os.Args[0],
		Args:       []string{"token"},
	}
}

func credential(token string) *clientauth.ExecCredential {
	return &clientauth.ExecCredential{
		TypeMeta: metav1.TypeMeta{
			APIVersion: "client.authentication.k8s.io/v1alpha1",
			Kind:       "ExecCredential",
		},
		Status: &clientauth.ExecCredentialStatus{Token: token},
	}
}
