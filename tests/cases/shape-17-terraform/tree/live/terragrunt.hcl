include "root" {
  path = find_in_parent_folders()
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<EOF
provider "kubernetes" {
  host = "${dependency.eks.outputs.endpoint}"
  exec {
    api_version = "client.authentication.k8s.io/v1alpha1"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "${dependency.eks.outputs.name}"]
  }
}
EOF
}

generate "helm" {
  path     = "helm.tf"
  contents = <<-EOT
    provider "helm" {
      kubernetes {
        exec {
          api_version = "client.authentication.k8s.io/v1beta1"
          command     = "aws"
        }
      }
    }
  EOT
}

inputs = {
  exec_api_version = "client.authentication.k8s.io/v1alpha1"
}
