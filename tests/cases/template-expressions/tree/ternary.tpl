apiVersion: v1
kind: Config
users:
- name: u
  user:
    exec:
      apiVersion: {{ ternary "client.authentication.k8s.io/v1beta1" "client.authentication.k8s.io/v1alpha1" .Values.new }}
      command: aws
      args: [eks, get-token, --cluster-name, x]
