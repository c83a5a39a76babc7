OLD = "client.authentication.k8s.io/v1alpha1"

def kubeconfig(name):
    return {
        "apiVersion": "v1",
        "users": [
            {
                "name": name,
                "user": {
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1alpha1",
                        "command": "aws",
                    }
                },
            },
            {"name": "n", "user": {"exec": {'apiVersion': 'client.authentication.k8s.io/v1beta1', 'command': 'aws'}}},
        ],
    }

exec_config = V1ExecConfig(api_version="client.authentication.k8s.io/v1alpha1", command="aws")
exec_config.api_version = (
    "client.authentication.k8s.io/v1alpha1"
)
# "apiVersion": "client.authentication.k8s.io/v1alpha1" was fine until 1.24
if exec_config.api_version == "client.authentication.k8s.io/v1alpha1":
    raise ValueError("client.authentication.k8s.io/v1alpha1 is refused")

TEMPLATE = """
users:
- name: {name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
"""
JOINED = (
    "users:\n"
    "- name: u\n"
    "  user:\n"
    "    exec:\n"
    "      apiVersion: client.authentication.k8s.io/v1alpha1\n"
    "      command: aws\n"
)
