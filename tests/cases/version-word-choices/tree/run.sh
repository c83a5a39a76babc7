#!/bin/sh
kubectl config set-credentials u --exec-api-version=client.authentication.k8s.io/${VERSION:-v1alpha1} --exec-command=aws --exec-arg=eks,get-token
kubectl config set-credentials v --exec-api-version="client.authentication.k8s.io/$([ "$OLD" ] && echo v1alpha1 || echo v1beta1)" --exec-command=aws --exec-arg=eks,get-token
