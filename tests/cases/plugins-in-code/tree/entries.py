EXEC = dict([
    ("apiVersion", "client.authentication.k8s.io/v1alpha1"),
    ("command", "heptio-authenticator-aws"),
])
