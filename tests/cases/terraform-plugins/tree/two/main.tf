provider "kubernetes" {
  exec {
    api_version = var.api_version
    command     = "scw"
    args        = ["k8s", "exec-credential"]
  }
}

provider "helm" {
  kubernetes {
    exec {
      api_version = var.old
      command     = "oc"
      args        = ["get-token", var.more]
    }
  }
}

provider "kubectl" {
  exec {
    api_version = local.heptio
    command     = "heptio-authenticator-aws"
    args        = ["token"]
  }
}
