ALPHA_API = "client.authentication.k8s.io/v1alpha1"
KNOWN = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")
NEWER = {"client.authentication.k8s.io/v1alpha1": "client.authentication.k8s.io/v1beta1"}

def warn(api_version):
    if api_version == "client.authentication.k8s.io/v1alpha1":
        print("Kubeconfig user entry is using deprecated API version client.authentication.k8s.io/v1alpha1.")
    if exec_["apiVersion"] != "client.authentication.k8s.io/v1beta1":
        raise ValueError
    if api_version in ["client.authentication.k8s.io/v1alpha1", "client.authentication.k8s.io/v1beta1"]:
        return NEWER["client.authentication.k8s.io/v1alpha1"]
    return api_version.startswith("client.authentication.k8s.io/")
