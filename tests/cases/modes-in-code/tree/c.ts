const spec = { apiVersion: "client.authentication.k8s.io/v1", command: "aws", args: ["eks", "get-token"] };
const open = { ...base, apiVersion: "client.authentication.k8s.io/v1", command: "aws" };
