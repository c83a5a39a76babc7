locals {
  version = "v1alpha1"
}
