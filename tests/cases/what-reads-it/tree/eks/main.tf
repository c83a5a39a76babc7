module "eks" {
  source                                     = "terraform-aws-modules/eks/aws"
  kubeconfig_api_version                     = "client.authentication.k8s.io/v1alpha1"
  kubeconfig_aws_authenticator_api_version   = "client.authentication.k8s.io/v1alpha1"
  exec_api_version                           = "client.authentication.k8s.io/v1alpha1"
}

variable "kubeconfig_aws_authenticator_api_version" {
  type    = string
  default = "client.authentication.k8s.io/v1alpha1"
}
