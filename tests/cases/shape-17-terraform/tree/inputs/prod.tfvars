region                           = "eu-west-1"
kubeconfig_exec_auth_api_version = "client.authentication.k8s.io/v1alpha1"
helm_exec                        = { api_version = "client.authentication.k8s.io/v1beta1", command = "aws" }
