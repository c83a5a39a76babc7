OLD = 'client.authentication.k8s.io/v1alpha1'.freeze

def user(name)
  {
    'name' => name,
    'user' => { 'exec' => { 'apiVersion' => 'client.authentication.k8s.io/v1alpha1', 'command' => 'aws' } }
  }
end

EXEC = { exec: { apiVersion: "client.authentication.k8s.io/v1alpha1", command: "aws" } }
SYMBOL = { :api_version => "client.authentication.k8s.io/v1alpha1", :command => "aws" }

CONFIG = <<~YAML
  users:
  - name: u
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1alpha1
        command: aws
YAML
warn "client.authentication.k8s.io/v1alpha1 is old" if version == 'client.authentication.k8s.io/v1alpha1'
