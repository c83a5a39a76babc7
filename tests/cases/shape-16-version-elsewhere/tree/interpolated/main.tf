variable "api" {
  default = "client.authentication.k8s.io/v1alpha1"
}

provider "kubernetes" {
  exec {
    api_version = "${var.api}"
    command     = "aws"
  }
}
