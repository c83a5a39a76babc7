#!/bin/sh
echo "apiVersion: client.authentication.k8s.io/v1alpha1 (default: client.authentication.k8s.io/v1alpha1)" >> config
kubectl config set-credentials u --exec-command=aws --exec-api-version=client.authentication.k8s.io/v1alpha1 # was client.authentication.k8s.io/v1alpha1
case $v in client.authentication.k8s.io/v1alpha1) kubectl config set-credentials u --exec-command=aws --exec-api-version=client.authentication.k8s.io/v1alpha1 ;; esac
