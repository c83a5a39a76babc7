variable "v" {
  default = "v1alpha1"
}

provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/${var.v}"
    command     = "scw"
    args        = ["k8s", "exec-credential"]
  }
}
