KUBECONFIG = """
apiVersion: v1
kind: Config
preferences: {{}}
clusters:
- name: c
  cluster:
    server: {server}
    certificate-authority-data: {ca}
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: {command}
"""
