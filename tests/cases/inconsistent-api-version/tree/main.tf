provider "kubernetes" {
  exec {
    api_version = "client.authentication.k8s.io/v1beta1"
    command     = "ack-ram-tool"
    args        = ["credential-plugin", "get-token", "--api-version=v1"]
    env = {
      KUBERNETES_EXEC_INFO = "{\"apiVersion\": \"client.authentication.k8s.io/v1alpha1\"}"
    }
  }
}
