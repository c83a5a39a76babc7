# TODO: move from client.authentication.k8s.io/v1alpha1 to client.authentication.k8s.io/v1beta1 when all runners are new
provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/v1beta1" # client.authentication.k8s.io/v1alpha1 until 2023
    command     = "aws"
  }
}
