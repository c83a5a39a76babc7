apiVersion: v1
kind: Config
users:
- name: ${name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
      args:
%{ for a in args ~}
      - ${a}
%{ endfor ~}
