resource "kubernetes_manifest" "job" {
  manifest = {
    apiVersion = "batch/v1"
    kind       = "Job"
    command    = "aws"
    args       = ["--output", "text"]
  }
}

resource "kubernetes_pod" "p" {
  api_version = var.exec_api
  spec {
    container {
      liveness_probe {
        exec {
          command = ["aws", "eks", "get-token", "--output", "text"]
        }
      }
    }
  }
}
