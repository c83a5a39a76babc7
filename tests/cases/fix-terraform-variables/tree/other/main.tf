variable "v" {
  default = "client.authentication.k8s.io/v1alpha1"
}
provider "kubernetes" {
  exec {
    api_version = var.v
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "c"]
  }
}
