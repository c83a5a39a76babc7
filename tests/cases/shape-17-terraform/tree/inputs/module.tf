module "kubeconfig" {
  source                           = "./kubeconfig"
  kubeconfig_exec_auth_api_version = "client.authentication.k8s.io/v1alpha1"
  kubeconfig_exec_auth_enabled     = true
}

module "newer" {
  source           = "./kubeconfig"
  exec_api_version = "client.authentication.k8s.io/v1beta1"
}
