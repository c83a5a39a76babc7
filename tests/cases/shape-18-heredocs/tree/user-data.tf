resource "aws_launch_template" "node" {
  user_data = base64encode(<<-USERDATA
    #!/bin/bash
    cat > /root/.kube/config <<EOF
    apiVersion: v1
    kind: Config
    users:
    - name: node
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1alpha1
          command: aws
    EOF
    kubectl get nodes
  USERDATA
  )
}
