locals {
  version = "client.authentication.k8s.io/v1alpha1"
}

provider "kubernetes" {
  exec {
    api_version = local.version
    command     = "scw"
    args        = ["k8s", "exec-credential"]
  }
}

provider "helm" {
  kubernetes {
    exec {
      api_version = local.version
      command     = "gke-gcloud-auth-plugin"
    }
  }
}
