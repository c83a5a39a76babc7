kubectl config set-credentials eks \
  --exec-api-version=client.authentication.k8s.io/v1alpha1 \
  --exec-command=aws
# --exec-api-version=client.authentication.k8s.io/v1alpha1 was right once
