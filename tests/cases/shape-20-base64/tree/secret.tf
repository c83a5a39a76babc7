resource "kubernetes_secret_v1" "kubeconfig" {
  metadata { name = "blue-kubeconfig" }
  binary_data = {
    value = "YXBpVmVyc2lvbjogdjEKa2luZDogQ29uZmlnCnVzZXJzOgotIG5hbWU6IHRmCiAgdXNlcjoKICAgIGV4ZWM6CiAgICAgIGFwaVZlcnNpb246IGNsaWVudC5hdXRoZW50aWNhdGlvbi5rOHMuaW8vdjFhbHBoYTEKICAgICAgY29tbWFuZDogYXdzCg=="
  }
}
