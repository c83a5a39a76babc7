kubectl config set-credentials corp --exec-api-version=client.authentication.k8s.io/v1alpha1 \
  --exec-command=corp --exec-arg=--password=hunter2 --exec-arg=token
