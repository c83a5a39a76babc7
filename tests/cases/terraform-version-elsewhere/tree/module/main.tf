provider "kubernetes" {
  exec {
    api_version = var.exec_api
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "c", "--output", "text"]
  }
}

provider "helm" {
  kubernetes {
    exec {
      api_version = local.exec_api
      command     = "aws"
      args        = ["eks", "get-token", "--cluster-name", "c"]
    }
  }
}

locals {
  exec_api = "client.authentication.k8s.io/v1beta1"
}
