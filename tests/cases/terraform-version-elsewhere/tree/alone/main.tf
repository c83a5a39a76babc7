provider "kubernetes" {
  exec {
    api_version = var.exec_api
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "c", "--output", "text"]
  }
}

provider "helm" {
  kubernetes = {
    exec = {
      api_version = local.versions["exec"]
      command     = "gcloud"
      args        = ["config", "config-helper", "--format=json"]
    }
  }
}

provider "kubectl" {
  exec {
    api_version = try(var.exec_api, module.cluster.exec_api)
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "c", "--query", "status.token"]
  }
}

provider "flux" {
  kubernetes = {
    exec = {
      api_version = "${var.exec_api}"
      command     = var.command
      args        = ["eks", "get-token", "--output", "text"]
    }
  }
}
