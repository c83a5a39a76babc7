#!/bin/sh
kubectl config set-credentials old --auth-provider=gcp
kubectl config set-credentials "$CLUSTER-user" \
  --auth-provider-arg=environment=AzurePublicCloud \
  --auth-provider-arg=client-id="$CLIENT" \
  --auth-provider=azure \
  --auth-provider-arg=tenant-id="$TENANT"
kubectl config set-credentials typo --auth-provider "gpc"
sh -c "kubectl config set-credentials inner --auth-provider=azure"
# kubectl config set-credentials gone --auth-provider=gcp
kubectl config set-credentials good --auth-provider=oidc --auth-provider-arg=client-id=a
kubectl config set-credentials any --auth-provider="$PROVIDER"
proxy --auth-provider=google
kubectl config set-credentials other --token="$TOKEN"; proxy --auth-provider=azure
echo "usage: kubectl config set-credentials NAME --auth-provider=PROVIDER"
