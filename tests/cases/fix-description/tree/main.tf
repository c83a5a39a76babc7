variable "named" {
  description = "Defaults to client.authentication.k8s.io/v1alpha1."
  default     = "client.authentication.k8s.io/v1alpha1"
}
variable "heredoc" {
  default     = "client.authentication.k8s.io/v1alpha1"
  description = <<-EOT
    The exec API version, `client.authentication.k8s.io/v1alpha1` by default.
    A module without it asks for client.authentication.k8s.io/v1alpha1.
  EOT
}
variable "half" {
  description = "The word behind the group: client.authentication.k8s.io/v1alpha1."
  default     = "v1alpha1"
}
# Which of the two the default is, the prose may say in any words.
variable "several" {
  description = "client.authentication.k8s.io/v1alpha1 or client.authentication.k8s.io/v1beta1."
  default     = "client.authentication.k8s.io/v1alpha1"
}
variable "other" {
  description = "Set client.authentication.k8s.io/v1 for new plugins."
  default     = "client.authentication.k8s.io/v1alpha1"
}
variable "example" {
  description = "Such as client.authentication.k8s.io/v1alpha1."
  default     = "client.authentication.k8s.io/v1beta1"
}
provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/${var.half}"
    command     = "aws"
    args        = ["eks", "get-token"]
  }
}
variable "bare" {
  description = "Use client.authentication.k8s.io/v1alpha1 with aws-cli before 1.24, v1beta1 with newer."
  default     = "client.authentication.k8s.io/v1alpha1"
}
variable "release" {
  description = "client.authentication.k8s.io/v1alpha1 until kubectl 1.24 drops it."
  default     = "client.authentication.k8s.io/v1alpha1"
}
