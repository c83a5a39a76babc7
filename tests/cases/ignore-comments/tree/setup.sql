-- kubeconfig-lint: ignore[mention] only a name
INSERT INTO groups VALUES ('client.authentication.k8s.io/v1alpha1');
