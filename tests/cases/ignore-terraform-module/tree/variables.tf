# The end of client.authentication.k8s.io/….
variable "exec_version" {
  default = "v1alpha1" # kubeconfig-lint: ignore[removed-api-version] the module is going away
}

variable "other" {
  default = "v1beta1" # kubeconfig-lint: ignore[removed-api-version]
}
