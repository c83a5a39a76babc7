resource "terraform_data" "login" {
  provisioner "local-exec" {
    command = <<-EOT
      kubectl config set-credentials ${var.user} \
        --exec-api-version=client.authentication.k8s.io/v1alpha1 \
        --exec-command=aws
    EOT
  }
  provisioner "local-exec" {
    command = "kubectl config set-credentials ${var.user} --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=aws"
  }
}
