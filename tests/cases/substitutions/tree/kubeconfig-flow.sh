#!/bin/sh
cat > ~/.kube/config <<END
apiVersion: v1
kind: Config
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args: ["eks", "get-token", "--cluster-name", "$(jq -r '.["n"]' f)"]
END
cat > ~/.kube/other <<END
clusters:
- name: c
  cluster:
    server: "https://`get "$X"`"
    certificate-authority-data: `base64 -w0 < "$CA"`
contexts: []
users: []
END
