variable "v" {
  default = "client.authentication.k8s.io/v1alpha1"
}

variable "wrong" {
  default = "client.authentication.k8s.io/v1beta1"
}

provider "kubernetes" {
  exec {
    api_version = var.v
    command     = "scw"
    args        = ["k8s", "exec-credential"]
  }
}

provider "helm" {
  kubernetes {
    exec {
      api_version = var.wrong
      command     = "scw"
      args        = ["k8s", "exec-credential"]
    }
  }
}

provider "kubectl" {
  exec {
    api_version = "client.authentication.k8s.io/v1alpha1"
    command     = "aws"
    args        = concat(["eks", "get-token", "--cluster-name", "c"], var.more)
  }
}
