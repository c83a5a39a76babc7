variable "kubernetes_exec_api_version" {
  type    = string
  default = "client.authentication.k8s.io/v1beta1"
  validation {
    condition     = contains(["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"], var.kubernetes_exec_api_version)
    error_message = "Either client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1."
  }
}
