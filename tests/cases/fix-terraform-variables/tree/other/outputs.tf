output "v" {
  value = var.v
}
