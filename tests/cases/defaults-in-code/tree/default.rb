api_version = ENV.fetch('V', 'client.authentication.k8s.io/v1alpha1')
api_version = ENV['V'] || 'client.authentication.k8s.io/v1alpha1'
