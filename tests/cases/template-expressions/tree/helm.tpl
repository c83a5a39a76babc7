apiVersion: v1
kind: Config
users:
- name: u
  user:
    exec:
      apiVersion: {{ .Values.v | default "client.authentication.k8s.io/v1alpha1" | quote }}
      command: aws
      args: [eks, get-token, --cluster-name, x]
