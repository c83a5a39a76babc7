exec = {"apiVersion": f"client.authentication.k8s.io/{'v1alpha1' if old else 'v1beta1'}", "command": "aws", "args": ["eks", "get-token"]}
