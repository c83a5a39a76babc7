#!/bin/sh
curl -H "Authorization: Bearer $TOKEN" https://example.com && kubectl config set-credentials a --exec-command=aws --exec-arg=eks,get-token --exec-api-version=client.authentication.k8s.io/v1alpha1
echo "password: hunter2 and more"; kubectl config set-credentials b --exec-command=gke-gcloud-auth-plugin --exec-api-version=client.authentication.k8s.io/v1alpha1
echo "password: $(cat "my file") hunter2" && kubectl config set-credentials c --exec-command=tsh --exec-arg=kube,credentials --exec-api-version=client.authentication.k8s.io/v1alpha1
