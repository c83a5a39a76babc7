apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1BMHdDd3dKYldGa1pTQjFjQ0J0ICAKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=
    server: https://5F2E0C0FFEE.gr7.eu-west-1.eks.amazonaws.com
  name: arn:aws:eks:eu-west-1:111122223333:cluster/${cluster}
contexts:
- context:
    cluster: arn:aws:eks:eu-west-1:111122223333:cluster/${cluster}
    user: arn:aws:eks:eu-west-1:111122223333:cluster/${cluster}
  name: arn:aws:eks:eu-west-1:111122223333:cluster/${cluster}
current-context: arn:aws:eks:eu-west-1:111122223333:cluster/${cluster}
kind: Config
preferences: {}
users:
- name: arn:aws:eks:eu-west-1:111122223333:cluster/${cluster}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      args:
      - --region
      - eu-west-1
      - eks
      - get-token
      - --cluster-name
      - ${cluster}
      command: aws
