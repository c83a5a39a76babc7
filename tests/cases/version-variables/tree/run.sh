#!/bin/sh
FOO=client.authentication.k8s.io/v1alpha1
kubectl config set-credentials u --exec-command=aws --exec-arg=eks,get-token --exec-api-version "$FOO"
OTHER=client.authentication.k8s.io/v1alpha1
echo "kubectl refuses $OTHER"
