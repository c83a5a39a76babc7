#!/bin/bash
if [ "$MINOR" -lt 24 ]; then
  API_VERSION=client.authentication.k8s.io/v1alpha1
else
  API_VERSION=client.authentication.k8s.io/v1beta1
fi
[ "$OLD" ] && API_VERSION=client.authentication.k8s.io/v1alpha1 || API_VERSION=client.authentication.k8s.io/v1beta1
