#!/bin/sh
cat > ~/.kube/config <<END
apiVersion: v1
kind: Config
clusters:
- name: c
  cluster:
    server: "$(terraform output -raw "endpoint")"
    certificate-authority-data: "$(aws eks describe-cluster --name "$N" --query 'cluster.certificateAuthority.data')"
- name: d
  cluster: {server: "https://$(get "https://$X")"}
users:
- name: "u" v
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args:
      - eks
      - get-token
      - "$(jq -r '.a | select(.b == "c")' f)"
END
