echo "    exec:" >> config
echo "      apiVersion: client.authentication.k8s.io/v1alpha1" >> config
echo "      command: aws" >> config
echo "      args:" >> config
echo "      - eks" >> config
echo "      - get-token" >> config
echo "      - $CLUSTER" >> config
kubectl config set-credentials u --exec-command=aws-iam-authenticator --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-arg=token
kubectl config set-credentials h --exec-command heptio-authenticator-aws \
  --exec-api-version "client.authentication.k8s.io/v1alpha1" \
  --exec-arg token
kubectl config set-credentials u --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=doctl --exec-arg=kubernetes --exec-arg=exec-credential
