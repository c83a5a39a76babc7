apiVersion: v1
preferences: {}
kind: Config

clusters:
- cluster:
    server: ${endpoint}
    certificate-authority-data: ${ca_data}
  name: ${name}

users:
- name: ${name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: ${command}
      args:
%{~ for a in args }
        - "${a}"
%{~ endfor ~}
%{ if length(env) > 0 }
      env:
%{~ for k, v in env ~}
        - name: ${k}
          value: ${v}
%{~ endfor ~}
%{ endif }
