apiVersion: v1
kind: Config
users:
- name: u
  user:
    exec:
      apiVersion: {{ .Values.v | replace "client.authentication.k8s.io/v1alpha1" .Values.new }}
      command: aws
      args: [eks, get-token, --cluster-name, x]
