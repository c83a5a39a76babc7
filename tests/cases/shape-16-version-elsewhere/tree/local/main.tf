locals {
  exec_api_version = "client.authentication.k8s.io/v1alpha1"
}

provider "kubernetes" {
  exec {
    api_version = local.exec_api_version
    command     = "aws"
  }
}
