"""The API group and its versions."""

GROUP = "client.authentication.k8s.io/"
V1BETA1, V1 = GROUP + "v1beta1", GROUP + "v1"
