#!/bin/sh
cat > kubeconfig <<'EOF'
apiVersion: v1
kind: Config
users:
- name: scw
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: scw
      args: [k8s, exec-credential]
- name: aws
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args: [eks, get-token]
EOF
