provider "helm" {
  kubernetes {
    exec {
      api_version = "client.authentication.k8s.io/v1alpha1"
      command     = "aws"
      args        = ["eks", "get-token", "--cluster-name", "c", "--output", "json"]
    }
  }
}
