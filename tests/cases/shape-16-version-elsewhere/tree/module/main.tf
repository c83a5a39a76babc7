locals {
  kubeconfig = templatefile("${path.module}/kubeconfig.tpl", {
    name             = var.name
    endpoint         = var.endpoint
    exec_api_version = var.exec_api_version
  })
}

provider "kubernetes" {
  host = var.endpoint
  exec {
    api_version = var.exec_api_version
    command     = "aws"
  }
}

provider "helm" {
  kubernetes {
    exec {
      api_version = "client.authentication.k8s.io/${var.v}"
      command     = "aws"
    }
  }
}
