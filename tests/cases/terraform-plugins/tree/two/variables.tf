variable "api_version" {
  default = "client.authentication.k8s.io/v1beta1"
}

variable "old" {
  default = "client.authentication.k8s.io/v1alpha1"
}

locals {
  heptio = "client.authentication.k8s.io/v1alpha1"
}
