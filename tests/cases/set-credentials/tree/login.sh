#!/bin/sh
kubectl config set-credentials a --exec-api-version=client.authentication.k8s.io/v1 --exec-command=aws --exec-arg=eks --exec-arg=get-token
kubectl config set-credentials b --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=scw --exec-arg=k8s --exec-arg=exec-credential
