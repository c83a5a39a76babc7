apiVersion: v1
kind: Config
clusters:
%{ for cluster in clusters ~}
- name: ${cluster.name}
  cluster:
    server: ${cluster.server}
    %{~ if cluster.insecure ~}
    insecure-skip-tls-verify: true
    %{~ endif ~}
    %{~ if cluster.data != null ~}
    certificate-authority-data: ${cluster.data}
    %{~ endif ~}
%{~ endfor }
contexts:
- name: c
  context: {cluster: c, user: u}
current-context: c
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: gke-gcloud-auth-plugin
