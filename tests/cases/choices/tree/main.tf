provider "kubernetes" {
  host = var.host
  exec {
    api_version = var.legacy ? "client.authentication.k8s.io/v1alpha1" : "client.authentication.k8s.io/v1beta1"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", var.name]
  }
}

locals {
  api_version = (
    var.legacy
    ? "client.authentication.k8s.io/v1alpha1"
    : "client.authentication.k8s.io/v1beta1"
  )
}
