$config = @"
apiVersion: v1
kind: Config
users:
- name: ops
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
"@
Set-Content -Path $HOME/.kube/config -Value $config
