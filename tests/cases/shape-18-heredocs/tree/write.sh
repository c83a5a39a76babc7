#!/usr/bin/env bash
set -euo pipefail

mkdir -p ~/.kube
cat > ~/.kube/config <<EOF
apiVersion: v1
kind: Config
clusters:
- name: $CLUSTER
  cluster:
    server: $(aws eks describe-cluster --name "$CLUSTER" --query cluster.endpoint --output text)
users:
- name: $CLUSTER
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args: [eks, get-token, --cluster-name, "$CLUSTER"]
EOF

cat <<'END' | sudo tee /etc/kubernetes/kubelet.conf >/dev/null
apiVersion: v1
kind: Config
users:
- name: kubelet
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: /usr/bin/aws-iam-authenticator
END
