{{- define "sky.exec" -}}
exec:
  apiVersion: client.authentication.k8s.io/v1alpha1
  command: {{ .Values.command | default "aws" }}
{{- end -}}
{{- define "sky.version" -}}
{{- .Values.execApiVersion | default "client.authentication.k8s.io/v1beta1" -}}
{{- end -}}
