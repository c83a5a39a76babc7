EXEC = {
    # "apiVersion": "client.authentication.k8s.io/v1alpha1",
    "apiVersion": "client.authentication.k8s.io/v1beta1",
    "command": "aws",
}
