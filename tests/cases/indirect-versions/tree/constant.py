API_VERSION = "client.authentication.k8s.io/v1alpha1"
UNUSED = "client.authentication.k8s.io/v1alpha1"

def entry():
    return {"exec": {"apiVersion": API_VERSION, "command": "aws", "args": ["eks", "get-token"]}}
