resource "local_file" "kubeconfig" {
  filename = "kubeconfig"
  content  = <<-EOT
    users:
    - name: ${var.name}
      user:
        exec:
          apiVersion: client.authentication.k8s.io/${var.exec_version}
          command: aws
  EOT
}
