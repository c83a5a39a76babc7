provider "helm" {
  kubernetes {
    exec {
      api_version = "client.authentication.k8s.io/v1alpha1"
      command     = "scw"
      args        = ["k8s", "exec-credential"]
    }
  }
}
provider "kubernetes" {
  alias = "known"
  exec {
    api_version = "client.authentication.k8s.io/v1alpha1"
    command     = "aws"
    args        = ["eks", "get-token"]
  }
}
