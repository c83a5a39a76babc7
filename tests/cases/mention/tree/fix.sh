#!/bin/sh
sed -i 's/client.authentication.k8s.io\/v1alpha1/client.authentication.k8s.io\/v1beta1/g' "$1"
grep -q client.authentication.k8s.io/v1alpha1 ~/.kube/config
