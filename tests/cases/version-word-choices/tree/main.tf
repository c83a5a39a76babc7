provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/${var.old ? "v1alpha1" : "v1beta1"}"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "c"]
  }
}
