locals {
  c = <<-EOT
    apiVersion: v1
    kind: Config
    users:
    - name: u
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1
          command: doctl
          args: [kubernetes, cluster, kubeconfig, exec-credential]
  EOT
}
