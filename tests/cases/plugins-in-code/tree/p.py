def entry(args):
    spec = {'apiVersion': 'client.authentication.k8s.io/v1alpha1',
            'args': args,
            'command': 'heptio-authenticator-aws'}
    return {'exec': spec}


def any_order(name):
    return {
        "args": ["eks", "get-token", "--cluster-name", name],
        "command": "aws",
        "env": None,
        "apiVersion": "client.authentication.k8s.io/v1alpha1",
    }


def indexed():
    exec_config = {}
    exec_config["apiVersion"] = "client.authentication.k8s.io/v1alpha1"
    exec_config["command"] = "scw"
    exec_config["args"] = ["k8s", "exec-credential"]


def flags(user):
    subprocess.run(
        ["kubectl", "config", "set-credentials", user, "--exec-command=scw",
         "--exec-arg=k8s", "--exec-arg=exec-credential",
         "--exec-api-version", "client.authentication.k8s.io/v1alpha1"])
