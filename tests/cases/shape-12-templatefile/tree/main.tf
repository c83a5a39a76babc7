resource "local_file" "kubeconfig" {
  filename = "${path.module}/kubeconfig"
  content = templatefile("${path.module}/directives.tpl", {
    name     = var.name
    endpoint = var.endpoint
    ca_data  = var.ca_data
    command  = "aws"
    args     = ["eks", "get-token", "--cluster-name", var.name]
    env      = {}
  })
}
