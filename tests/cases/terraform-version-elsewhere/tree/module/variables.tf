variable "exec_api" {
  default = "client.authentication.k8s.io/v1alpha1"
}
