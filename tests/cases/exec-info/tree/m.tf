provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/v1beta1"
    command = "aws"
    args = ["eks", "get-token"]
    env = {
      KUBERNETES_EXEC_INFO = "{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"kind\":\"ExecCredential\"}"
    }
  }
}
