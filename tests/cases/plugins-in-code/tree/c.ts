const spec = { command: 'gke-gcloud-auth-plugin', apiVersion: 'client.authentication.k8s.io/v1' };
const more = {
  ...base,
  apiVersion: "client.authentication.k8s.io/v1alpha1",
  command: "aws",
  args: ["eks", "get-token", ...(profile ? ["--profile", profile] : [])],
};
