api_version = exec_conf["apiVersion"]
if api_version == "client.authentication.k8s.io/v1alpha1":
    run(exec_conf)
else:
    raise NotImplementedError(f"auth exec api version {api_version} not implemented")
