provider "helm" {
  kubernetes = {
    host = data.aws_eks_cluster.this.endpoint
    exec = {
      api_version = "client.authentication.k8s.io/v1alpha1"
      command     = "aws"
      args        = ["eks", "get-token", "--cluster-name", data.aws_eks_cluster.this.name]
    }
  }
}

provider "helm" {
  alias = "one_line"
  kubernetes = { host = "https://c.example", exec = { command = "aws", api_version = "client.authentication.k8s.io/v1beta1" } }
}

provider "helm" {
  alias      = "colon"
  kubernetes = { exec : { "api_version" : "client.authentication.k8s.io/v1alpha1", "command" : "aws" } }
}
