import json
API = "client.authentication.k8s.io/v1alpha1"

def user():
    return {"apiVersion": API, "command": "gke-gcloud-auth-plugin"}
