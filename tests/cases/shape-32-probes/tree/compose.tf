resource "kubernetes_pod_v1" "probe" {
  spec {
    container {
      liveness_probe {
        exec {
          command = ["cat", "/tmp/healthy"]
        }
      }
    }
  }
}
