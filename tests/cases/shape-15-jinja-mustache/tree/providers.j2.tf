{% for cluster in clusters %}
provider "kubernetes" {
  alias = "{{ cluster.name }}"
  host  = data.aws_eks_cluster.{{ cluster.name }}.endpoint
  exec {
    api_version = "client.authentication.k8s.io/v1alpha1"
    command     = "aws"
    args        = ["eks", "get-token", "--cluster-name", "{{ cluster.name }}"{% if cluster.role %}, "--role-arn", "{{ cluster.role }}"{% endif %}]
  }
}
{% endfor %}
