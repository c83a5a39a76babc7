variable "v" {
  type    = string
  default = "v1alpha1"
}
variable "w" {
  default = "v1alpha1"
}
