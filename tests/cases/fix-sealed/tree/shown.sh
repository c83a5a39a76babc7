#!/bin/sh
sops_mac=ENC[AES256_GCM,data:JK0=,iv:AAAA,tag:BBBB==,type:str]
grep -q "$sops_mac" sops.env || exit 1
cat > kubeconfig <<'EOF'
apiVersion: v1
kind: Config
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args: [eks, get-token]
EOF
