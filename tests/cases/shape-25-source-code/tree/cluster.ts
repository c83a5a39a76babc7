import * as k8s from "@pulumi/kubernetes";

export const kubeconfig = {
  apiVersion: "v1",
  kind: "Config",
  users: [
    {
      name: "aws",
      user: {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1alpha1",
          command: "aws",
          args: ["eks", "get-token", "--cluster-name", name],
        },
      },
    },
  ],
};

const single = { exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'aws' } };
const backtick = { exec: { apiVersion: `client.authentication.k8s.io/v1alpha1`, command: `aws` } };
const next = {
  exec: {
    apiVersion:
      "client.authentication.k8s.io/v1alpha1",
    command: "aws",
  },
};
const fine = { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws" } };
const assigned: Exec = new Exec();
assigned.apiVersion = "client.authentication.k8s.io/v1alpha1";

const text = `apiVersion: v1
kind: Config
users:
- name: ${name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
`;
export const API_VERSION = "client.authentication.k8s.io/v1alpha1";
if (exec.apiVersion === "client.authentication.k8s.io/v1alpha1") {
  warn(`client.authentication.k8s.io/${version}`);
}
