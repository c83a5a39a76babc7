if api_version == "client.authentication.k8s.io/v1alpha1":
    run(exec_conf)
elif api_version == "client.authentication.k8s.io/v1beta1":
    run(exec_conf)
else:
    raise NotImplementedError(api_version)
