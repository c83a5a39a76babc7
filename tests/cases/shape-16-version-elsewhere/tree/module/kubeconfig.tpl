apiVersion: v1
kind: Config
clusters:
- name: ${name}
  cluster:
    server: ${endpoint}
users:
- name: ${name}
  user:
    exec:
      apiVersion: ${exec_api_version}
      command: aws
