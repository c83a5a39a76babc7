# kubectl reads what the templates render: no provider does.
locals {
  kubeconfig = templatefile("${path.module}/kubeconfig.tpl", {
    exec_api_version = "client.authentication.k8s.io/v1alpha1"
    exec_command     = "aws" # "aws-iam-authenticator"
    exec_args        = ["--region", var.region, "eks", "get-token", "--cluster-name", var.name]
  })
  other = templatefile("${path.module}/kubeconfig.tpl", {
    api_version = "client.authentication.k8s.io/v1alpha1"
    command     = "aws-iam-authenticator"
    args        = var.args
  })
}
data "template_file" "kubeconfig" {
  vars = {
    api_version = "client.authentication.k8s.io/v1alpha1"
  }
}
