variable "name" {
  type = string
}

variable "exec_api_version" {
  description = "API version of the exec plugin, such as client.authentication.k8s.io/v1beta1."
  type        = string
  default     = "client.authentication.k8s.io/v1alpha1"
}

variable "v" {
  type    = string
  default = "v1alpha1"
}
