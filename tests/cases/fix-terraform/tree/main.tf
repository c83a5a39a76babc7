variable "exec_api_version" {
  type    = string
  default = "client.authentication.k8s.io/v1alpha1"
}
variable "v" {
  default = "v1alpha1"
}
provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/${var.v}"
    command     = "aws"
    args        = ["eks", "get-token"]
  }
}
