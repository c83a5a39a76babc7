resource "local_file" "credential" {
  content = <<EOT
{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1alpha1", "status": {"token": "${replace(var.n, "-", "_")}"}}
EOT
}
