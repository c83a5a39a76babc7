provider "kubectl" {
  exec {
    api_version = "client.authentication.k8s.io/v1"
    command     = "kubelogin"
    args        = ["get-token"]
  }
}

provider "helm" {
  kubernetes = {
    exec = {
      api_version = "client.authentication.k8s.io/v1"
      command     = "kubelogin"
    }
  }
}
