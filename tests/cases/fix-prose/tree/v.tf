variable "exec_api_version" {
  description = "The version, v1alpha1 (default client.authentication.k8s.io/v1alpha1)"
  default     = "client.authentication.k8s.io/v1alpha1"
}

locals {
  text = "--exec-api-version client.authentication.k8s.io/v1alpha1 (default client.authentication.k8s.io/v1alpha1)"
}
