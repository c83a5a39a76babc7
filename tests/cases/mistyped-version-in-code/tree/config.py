exec_config = {
    "apiVersion": "client.authentication.k8s.io/"
    "v1beta1",
    "command": "aws",
}
