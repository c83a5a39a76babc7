kubectl config set-credentials a --exec-api-version=client.authentication.k8s.io/v1 --exec-command=aws --exec-arg=eks --exec-arg=get-token
kubectl config set-credentials b \
  --exec-api-version "client.authentication.k8s.io/v1" \
  --exec-command mine
kubectl config set-credentials c --exec-api-version=client.authentication.k8s.io/v1 --exec-command=mine --exec-interactive-mode=Never
kubectl config set-credentials d --exec-api-version=client.authentication.k8s.io/v1 --exec-command=gke-gcloud-auth-plugin
kubectl config set-credentials e --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=scw --exec-arg=k8s --exec-arg=exec-credential
kubectl config set-credentials f --exec-api-version=client.authentication.k8s.io/v1 --exec-command=mine "${more[@]}"
kubectl config set-credentials u \
  --exec-command=aws \
  --exec-arg=eks,get-token \
  --exec-api-version=client.authentication.k8s.io/v1
kubectl config set-credentials u \
    --exec-api-version="client.authentication.k8s.io/v1" \
    --exec-command=aws --exec-arg=eks,get-token
