apiVersion: v1
kind: Config
users:
- name: u
  user:
    exec:
{{ if .eks }}
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
{{ else }}
      apiVersion: client.authentication.k8s.io/v1beta1
      command: gke-gcloud-auth-plugin
{{ end }}
