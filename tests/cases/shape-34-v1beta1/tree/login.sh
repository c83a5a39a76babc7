#!/bin/sh
kubectl config set-credentials u --exec-api-version=client.authentication.k8s.io/v1beta1 --exec-command=aws
echo '{"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential", "status": {"token": "made-up"}}'
