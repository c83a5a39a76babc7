apiVersion: v1
kind: Config
clusters:
- name: {{ .Name }}
  cluster:
    server: {{ .Server }}
    {{- if .Insecure }}
    insecure-skip-tls-verify: true
    {{- else if .File }}
    certificate-authority: {{ .File }}
    {{- else }}
    certificate-authority-data: {{ .Data }}
    {{- end }}
contexts:
- name: c
  context: {cluster: "{{ .Name }}", user: u}
current-context: c
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: gke-gcloud-auth-plugin
