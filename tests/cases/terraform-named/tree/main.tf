provider "kubernetes" {
  exec {
    api_version = var.v
    command     = "aws"
    args        = ["eks", "get-token"]
  }
}
