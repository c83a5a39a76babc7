def version(cfg, minor):
    if minor < 24:
        cfg["apiVersion"] = "client.authentication.k8s.io/v1alpha1"
    else:
        cfg["apiVersion"] = "client.authentication.k8s.io/v1beta1"
    data = cfg.read()
    data = data.replace("client.authentication.k8s.io/v1beta1", "client.authentication.k8s.io/v1alpha1")
