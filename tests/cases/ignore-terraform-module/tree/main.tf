provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/${var.exec_version}"
    command     = "aws"
  }
}
