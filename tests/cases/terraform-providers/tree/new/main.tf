terraform {
  required_providers {
    kubectl = {
      source  = "gavinbunney/kubectl"
      version = "~> 1.14.0"
    }
    kubernetes = "< 2.8"
  }
}

provider "kubectl" {
  exec {
    api_version = "client.authentication.k8s.io/v1beta1"
    command     = "kubelogin"
  }
}

provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/v1"
    command     = "kubelogin"
  }
}
