variable "exec_version" {
  default = "client.authentication.k8s.io/v1alpha1"
}

locals {
  provider_version = "client.authentication.k8s.io/v1alpha1"
  kubeconfig = yamlencode({
    apiVersion = "v1"
    kind       = "Config"
    users = [{
      name = "eks"
      user = { exec = { apiVersion = var.exec_version, command = "aws", args = ["eks", "get-token"] } }
    }]
  })
}

provider "kubernetes" {
  exec {
    api_version = local.provider_version
    command     = "aws"
    args        = ["eks", "get-token"]
  }
}
