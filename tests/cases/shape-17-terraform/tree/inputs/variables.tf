variable "kubeconfig_exec_auth_api_version" {
  type        = string
  default     = "client.authentication.k8s.io/v1alpha1"
  description = "The API version of the Kubernetes exec authentication plugin"
}

variable "helm_exec" {
  type = object({ api_version = string, command = string })
  default = {
    api_version = "client.authentication.k8s.io/v1alpha1"
    command     = "aws"
  }
}
