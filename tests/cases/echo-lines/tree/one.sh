echo "      apiVersion: client.authentication.k8s.io/v1alpha1" >> ~/.kube/config
