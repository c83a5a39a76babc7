provider "helm" {
  kubernetes {
    exec {
      api_version = "client.authentication.k8s.io/${var.v}"
      command     = "aws"
    }
  }
}
