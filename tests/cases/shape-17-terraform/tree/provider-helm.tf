provider "helm" {
  kubernetes {
    host = data.aws_eks_cluster.this.endpoint
    exec {
      api_version = "client.authentication.k8s.io/v1alpha1"
      args        = ["eks", "get-token", "--cluster-name", data.aws_eks_cluster.this.name]
      command     = "aws"
    }
  }
  registry {
    url      = "oci://registry.example"
    username = "u"
    password = "made-up"
  }
}
