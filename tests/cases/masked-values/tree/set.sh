export REGION=eu-1
DB=made-up kubectl config set-credentials u --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=aws --exec-env=PIN=made-up
kubectl config set-credentials v --pin 1234 --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=scw
