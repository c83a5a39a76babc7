provider "kubectl" {
  load_config_file = false
  host             = local.host
  exec {
    api_version="client.authentication.k8s.io/v1alpha1"
    command="gke-gcloud-auth-plugin"
  }
}
