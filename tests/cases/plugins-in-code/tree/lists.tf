resource "x" "y" {
  command = ["kubectl", "config", "set-credentials", "u", "--exec-command", "scw", "--exec-arg", "k8s,exec-credential", "--exec-api-version", "client.authentication.k8s.io/v1alpha1"]
}
