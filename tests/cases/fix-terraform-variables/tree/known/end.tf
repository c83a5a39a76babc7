provider "helm" {
  exec {
    api_version = "client.authentication.k8s.io/${local.version}"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "c"]
  }
}
