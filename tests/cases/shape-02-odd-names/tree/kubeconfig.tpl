apiVersion: v1
kind: Config
clusters:
- name: c
  cluster: {server: "${endpoint}"}
contexts:
- name: ${cluster_name}
  context: {cluster: c, user: ${cluster_name}}
current-context: ${cluster_name}
users:
- name: ${cluster_name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
