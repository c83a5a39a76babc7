locals {
  kubeconfig = <<KUBECONFIG
apiVersion: v1
kind: Config
users:
- name: aws
user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
KUBECONFIG

  repeated = <<KUBECONFIG
apiVersion: v1
kind: Config
users:
- name: aws
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
      args: ["eks", "get-token", "--cluster-name", "${local.name}"]
      command: aws
kind: Config
KUBECONFIG

  broken = <<KUBECONFIG
apiVersion: v1
kind: Config
users:
- name: aws
  user:
     exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
       command: aws
KUBECONFIG
}
