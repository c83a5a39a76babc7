provider "kubernetes" {
  alias = "{{ name }}"
  {% if exec %}
  exec {
    api_version = "client.authentication.k8s.io/v1alpha1"
    command     = "{{ command }}"
  }
  {% endif %}
}
