output "kubeconfig" {
  value = <<-EOT
    apiVersion: v1
    kind: Config
    clusters:
    - name: ${local.name}
      cluster:
        server: ${local.host}
    users:
    - name: ${local.name}
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1alpha1
          command: gke-gcloud-auth-plugin
          provideClusterInfo: true
    EOT
}

resource "local_file" "json" {
  filename = "kubeconfig.json"
  content  = <<-JSON
    {"kind": "Config", "users": [{"name": "u", "user": {"exec": {"apiVersion": "client.authentication.k8s.io/v1alpha1", "command": "aws"}}}]}
  JSON
}
