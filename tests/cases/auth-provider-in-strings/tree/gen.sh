cat > kubeconfig <<EOF
apiVersion: v1
kind: Config
users:
- name: u
  user:
    auth-provider:
      config:
        cmd-path: gcloud
      name: gcp
EOF
