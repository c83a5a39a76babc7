package plugin

var cred = ExecCredential{TypeMeta: metav1.TypeMeta{APIVersion: "client.authentication.k8s.io/v1alpha1", Kind: "ExecCredential"}}
