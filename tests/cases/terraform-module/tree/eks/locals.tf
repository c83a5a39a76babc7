locals {
  ok  = "v1beta1"
  old = "client.authentication.k8s.io/${local.ok}"
}
