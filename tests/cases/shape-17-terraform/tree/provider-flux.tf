provider "flux" {
  kubernetes = {
    host = local.host
    exec = {
      api_version = "client.authentication.k8s.io/v1alpha1"
      args        = ["eks", "get-token", "--cluster-name", "blue"]
      command     = "aws"
    }
  }
  git = { url = "ssh://git@git.example/fleet.git" }
}
