entry = {
    "command": "aws",
    "apiVersion": "client.authentication.k8s.io/v1",
    "args": ["eks", "get-token"],
}
entry["installHint"] = "install aws"
