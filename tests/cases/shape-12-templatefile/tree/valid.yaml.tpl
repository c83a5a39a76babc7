apiVersion: v1
kind: Config
clusters:
- name: ${cluster_name}
  cluster:
    server: ${endpoint}
    certificate-authority-data: ${ca_data}
contexts:
- name: ${cluster_name}
  context:
    cluster: ${cluster_name}
    user: ${user_name}
current-context: ${cluster_name}
users:
- name: ${user_name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: ${command}
      args: ["eks", "get-token", "--cluster-name", "${cluster_name}"]
