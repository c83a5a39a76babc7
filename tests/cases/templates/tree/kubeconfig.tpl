apiVersion: v1
kind: Config
clusters:
- name: ${cluster_name}
  cluster:
    server: ${endpoint}
    certificate-authority-data: ${ca}
users:
- name: ${cluster_name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args:
%{~ for arg in args ~}
      - ${arg}
%{~ endfor ~}
