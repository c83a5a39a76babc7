#!/usr/bin/env bash
kubectl config set-credentials one --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=aws
kubectl config set-credentials two --exec-api-version client.authentication.k8s.io/v1alpha1 --exec-command aws
kubectl config set-credentials three --exec-command=aws --exec-api-version="client.authentication.k8s.io/v1alpha1"
kubectl config set-credentials four --exec-command=aws --exec-api-version 'client.authentication.k8s.io/v1alpha1'
kubectl config set-credentials five \
  --exec-command=aws \
  --exec-api-version=client.authentication.k8s.io/v1alpha1 \
  --exec-arg=eks
kubectl config set-credentials six \
  --exec-api-version \
    client.authentication.k8s.io/v1alpha1 \
  --exec-command aws
kubectl config set-credentials seven --exec-api-version=client.authentication.k8s.io/v1 --exec-interactive-mode=Never --exec-command=kubectl
# kubectl config set-credentials eight --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=aws
kubectl config set-credentials nine --exec-api-version="$EXEC_API_VERSION" --exec-command=aws
kubectl config set-credentials ten --exec-api-version="client.authentication.k8s.io/$V" --exec-command=aws
