apiVersion: v1
kind: Config
clusters:
- name: c
  cluster: {server: "${endpoint}"}
contexts:
- name: u
  context: {cluster: c, user: u}
current-context: u
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
