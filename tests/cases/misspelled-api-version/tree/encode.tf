locals {
  c = yamlencode({
    apiVersion = "v1"
    kind       = "Config"
    users = [{
      name = "u"
      user = {
        exec = {
          apiversion = "client.authentication.k8s.io/v1alpha1"
          command    = "aws"
          args       = ["eks", "get-token"]
        }
      }
    }]
  })
}
