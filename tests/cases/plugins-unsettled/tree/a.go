package a
var e = &api.ExecConfig{APIVersion: "client.authentication.k8s.io/v1alpha1", Command: self()}
