# What an exec config of Ruby says is in snake case.
EXEC = {
  api_version: "client.authentication.k8s.io/v1",
  command: "doctl",
}
CONFIG = { exec: { api_version: "client.authentication.k8s.io/v1", command: "doctl" } }
