#!/bin/bash
# Shell variables hold a kubeconfig or a part of one.
CONFIG=$(cat <<EOF
apiVersion: v1
kind: Config
users:
- name: whole
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args: [eks, get-token]
EOF
)
read -r -d '' USERS <<EOF
- name: item
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args: [eks, get-token]
- user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: gke-gcloud-auth-plugin
  name: name-below
EOF
printf '%s\n' "$CONFIG" "$USERS" > ~/.kube/config
