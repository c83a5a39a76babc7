provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/v1"
    command     = "doctl"
    args        = ["kubernetes", "cluster", "kubeconfig", "exec-credential", "--version=v1beta1", "id"]
  }
}
