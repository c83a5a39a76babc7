locals {
  kubeconfig = replace(module.eks.kubeconfig, "client.authentication.k8s.io/v1alpha1", "client.authentication.k8s.io/v1beta1")
}
