provider "kubernetes" {
  exec {
    api_version = "v1beta1"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "c"]
  }
}
