void t() { e.setApiVersion("client.authentication.k8s.io/v1alpha1"); }
