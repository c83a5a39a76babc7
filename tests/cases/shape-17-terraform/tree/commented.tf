provider "kubernetes" {
  host  = local.host
  token = local.token
  # exec {
  #   api_version = "client.authentication.k8s.io/v1alpha1"
  #   command     = "aws"
  #   args        = ["eks", "get-token", "--cluster-name", local.name]
  # }
}

// provider "helm" {
//   kubernetes {
//     exec {
//       api_version = "client.authentication.k8s.io/v1alpha1"
//       command     = "aws"
//     }
//   }
// }

/*
provider "kubectl" {
  exec {
    api_version = "client.authentication.k8s.io/v1alpha1"
    command     = "aws"
  }
}
*/

provider "flux" {
  kubernetes = {
    exec = {
      api_version = "client.authentication.k8s.io/v1beta1" # not "client.authentication.k8s.io/v1alpha1"
      command     = "aws"
    }
  }
}
