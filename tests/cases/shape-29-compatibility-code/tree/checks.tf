locals {
  is_old = var.exec_api_version == "client.authentication.k8s.io/v1alpha1"
  known  = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
}
