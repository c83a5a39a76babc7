    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws
      {{- include "mode" . }}
