locals {
  exec = {
    api_version = "client.authentication.k8s.io/v1beta1"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "c"]
  }
  exec_api_version = "client.authentication.k8s.io/v1beta1"
  exec_command     = "aws"
}

provider "kubernetes" {
  exec {
    api_version = local.exec.api_version
    command     = local.exec.command
    args        = local.exec.args
  }
}

provider "helm" {
  kubernetes = {
    exec = {
      api_version = local.exec_api_version
      command     = local.exec_command
      args        = ["eks", "get-token", "--cluster-name", "c", "--output", "text"]
    }
  }
}
