variable "exec_version" {
  default = "v1alpha1"
}
