locals {
  kubeconfig = yamlencode({
    apiVersion = "v1"
    kind       = "Config"
    clusters   = [{ name = "blue", cluster = { server = local.host } }]
    users = [{
      name = "blue"
      user = {
        exec = {
          apiVersion = "client.authentication.k8s.io/v1alpha1"
          command    = "aws"
          args       = ["eks", "get-token", "--cluster-name", "blue"]
        }
      }
    }]
  })
}

resource "kubernetes_secret_v1" "argocd_cluster" {
  metadata {
    name   = "blue"
    labels = { "argocd.argoproj.io/secret-type" = "cluster" }
  }
  data = {
    server = local.host
    config = jsonencode({
      execProviderConfig = {
        command    = "argocd-k8s-auth"
        args       = ["aws", "--cluster-name", "blue"]
        apiVersion = "client.authentication.k8s.io/v1alpha1"
      }
      tlsClientConfig = { insecure = false }
    })
  }
}
