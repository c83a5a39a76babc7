import os

version = os.environ.get(
    "EXEC_CREDENTIAL_VERSION",
    "client.authentication.k8s.io/v1alpha1",
)
api_version = os.getenv("V", "client.authentication.k8s.io/v1alpha1")
api_version = config.get("x") or "client.authentication.k8s.io/v1alpha1"
unused = os.getenv("V", "client.authentication.k8s.io/v1alpha1")
user = {"exec": {"apiVersion": version, "command": "aws"}}
other = {"exec": {"apiVersion": os.getenv("V", "client.authentication.k8s.io/v1alpha1"), "command": "aws"}}
parser.add_argument("--exec-api-version", default="client.authentication.k8s.io/v1alpha1")
log.info("using %s", "client.authentication.k8s.io/v1alpha1")
