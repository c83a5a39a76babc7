provider "helm" {
  kubernetes {
    exec {
      api_version = "client.authentication.k8s.io/v1alpha1"
      command     = "aws"
      args        = ["eks", "get-token"]
    }
  }
}

locals {
  kubeconfig = <<-EOT
    apiVersion: v1
    kind: Config
    users:
    - name: scw
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1alpha1
          command: scw
          args: [k8s, exec-credential]
    - name: aws
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1alpha1
          command: aws
          args: [eks, get-token]
  EOT
  json = "{\"kind\": \"Config\", \"users\": [{\"name\": \"s\", \"user\": {\"exec\": {\"apiVersion\": \"client.authentication.k8s.io/v1alpha1\", \"command\": \"scw\", \"args\": [\"k8s\", \"exec-credential\"]}}}]}"
}
