locals {
  kubeconfig = yamlencode({
    users = [{
      name = "u"
      user = {
        exec = {
          apiversion = var.exec_api
          command    = "aws"
          args       = ["eks", "get-token", "--cluster-name", "c"]
        }
      }
    }]
  })
}
