#!/bin/sh
kubectl config set-credentials a --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=aws --exec-arg=eks,get-token,--cluster-name,prod && curl -H 'Accept: application/json' https://x.example
kubectl config set-credentials b --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=aws --exec-arg=eks,get-token,--cluster-name,prod && echo "done: ok"
kubectl config set-credentials c --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=aws --exec-arg=eks,get-token,--cluster-name,prod && echo done
