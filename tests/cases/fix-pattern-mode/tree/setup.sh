cat > a <<'EOF'
cat > b <<'EOF'
users:
- name: u0
  user:
    exec:
      command: 'scw'
      interactiveMode: 'Never'
      args: ['k8s', 'exec-credential']
      env:  [{name: 'KUBERNETES_EXEC_INFO', value: '{apiVersion: client.authentication.k8s.io/v1alpha1}'}]
      apiVersion: 'client.authentication.k8s.io/v1betha1'
- name: u1
  user:
    exec:
      command: scw
      args: [k8s, exec-credential]
      env:
      - name: KUBERNETES_EXEC_INFO
        value: '{apiVersion: client.authentication.k8s.io/v1alpha1}'
      apiVersion: client.authentication.k8s.io/v1alpha1
EOF
EOF
