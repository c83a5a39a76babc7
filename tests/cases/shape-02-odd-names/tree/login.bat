@echo off
set KUBECONFIG=%USERPROFILE%\.kube\sky
kubectl config set-credentials sky --exec-command=aws --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-arg=eks --exec-arg=get-token
