provider "kubernetes" {
  exec {
    # api_version = "client.authentication.k8s.io/v1alpha1"
    api_version = "client.authentication.k8s.io/v1beta1"
    command     = "aws"
  }
}

provider "helm" {
  kubernetes {
    exec {
      // api_version = "client.authentication.k8s.io/v1alpha1"
      api_version = "client.authentication.k8s.io/v1beta1" /* not client.authentication.k8s.io/v1alpha1 */
      command     = "aws"
    }
  }
}
