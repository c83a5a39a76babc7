const execApiVersion: string = process.env.V || "client.authentication.k8s.io/v1alpha1";
const user = { exec: { apiVersion: process.env.V ?? "client.authentication.k8s.io/v1alpha1", command: "aws" } };
const isOld = user.exec.apiVersion === (process.env.V ?? "client.authentication.k8s.io/v1alpha1");
