package kubeconfig

deny[msg] {
  input.users[_].user.exec.apiVersion == "client.authentication.k8s.io/v1alpha1"
  msg := "client.authentication.k8s.io/v1alpha1 is gone"
}
