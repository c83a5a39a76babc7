variable "v" {
  default = "client.authentication.k8s.io/v1alpha1"
}
