@echo off
kubectl config set-credentials ops ^
  --exec-api-version=client.authentication.k8s.io/v1alpha1 ^
  --exec-command=aws
