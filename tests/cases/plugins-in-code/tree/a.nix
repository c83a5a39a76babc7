{ exec = { apiVersion = "client.authentication.k8s.io/v1alpha1"; command = "aws"; args = [ "eks" "get-token" ]; }; }
{ users = [
  { exec = { command = "scw"; apiVersion = "client.authentication.k8s.io/v1alpha1"; }; }
  { exec = { command = "heptio-authenticator-aws"; apiVersion = "client.authentication.k8s.io/v1alpha1"; }; } { exec.command = "none"; }
  { exec = { apiVersion = "client.authentication.k8s.io/v1alpha1";
      command = "heptio-authenticator-aws"; }; }
]; }
