locals {
  k = <<KC
apiVersion: v1
kind: Config
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args: [eks, get-token, --cluster-name, prod, --region, eu-west-1, --role-arn, "arn:aws:iam::1:role/x"]
KC
}
