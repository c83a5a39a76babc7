variable "v" {
  default = "client.authentication.k8s.io/v1alpha1"
  validation {
    condition     = var.v == "client.authentication.k8s.io/v1alpha1"
    error_message = "no"
  }
}
provider "kubernetes" {
  exec {
    api_version = var.v
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "c"]
  }
}
