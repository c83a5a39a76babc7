# Another module: its variable of the same name is nobody's.
variable "v" {
  default = "v1alpha1"
}
