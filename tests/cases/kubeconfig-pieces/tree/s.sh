cat <<EOF
  exec:
    apiVersion: client.authentication.k8s.io/${V:-v1alpha1}
    command: aws
EOF
