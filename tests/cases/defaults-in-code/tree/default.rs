let api_version = exec.api_version.clone().unwrap_or_else(|| "client.authentication.k8s.io/v1alpha1".to_string());
