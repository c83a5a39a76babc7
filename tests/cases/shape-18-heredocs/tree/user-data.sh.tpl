#!/bin/bash
set -o xtrace
cat <<EOF > /var/lib/kubelet/kubeconfig
apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster:
    certificate-authority: /etc/kubernetes/pki/ca.crt
    server: ${endpoint}
users:
- name: kubelet
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: /usr/bin/heptio-authenticator-aws
      args:
        - token
        - "-i"
        - "${cluster_name}"
EOF
%{ if extra != "" ~}
${extra}
%{ endif ~}
systemctl restart kubelet
