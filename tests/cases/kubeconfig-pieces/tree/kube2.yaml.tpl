apiVersion: v1
kind: Config
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/{{ .Values.v | default "v1alpha1" }}
      command: aws
      args: [eks, get-token]
{{ if x }}
a: b
{{ end }}
