{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1alpha1", "status": {"token": "{{ index .a "b" }}"}}
