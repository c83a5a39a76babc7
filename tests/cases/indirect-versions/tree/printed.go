package a

const apiVersion = "client.authentication.k8s.io/v1alpha1"

var c = &v1alpha1.ExecCredential{
	TypeMeta: metav1.TypeMeta{
		APIVersion: apiVersion,
		Kind:       "ExecCredential",
	},
}
