export interface Answer {
  apiVersion: 'client.authentication.k8s.io/v1alpha1';
  kind: 'ExecCredential';
}

export interface Exec {
  command: string
  apiVersion: "client.authentication.k8s.io/v1alpha1"
}

interface Short { readonly apiVersion: "client.authentication.k8s.io/v1alpha1" }

export type Version = "client.authentication.k8s.io/v1alpha1";

declare type Entry = {
  apiVersion: "client.authentication.k8s.io/v1alpha1",
  command: string,
}

export class Config {
  readonly apiVersion: 'client.authentication.k8s.io/v1alpha1';
}

interface Slip {
  apiVersion: 'client.authentication.k8s.io/v1alfa1';
}

// What allows several versions, or a good one, may stay.
type Either = "client.authentication.k8s.io/v1alpha1" | "client.authentication.k8s.io/v1beta1";
interface Both {
  apiVersion: 'client.authentication.k8s.io/v1alpha1' | 'client.authentication.k8s.io/v1beta1';
}
type Lines =
  | "client.authentication.k8s.io/v1beta1"
  | "client.authentication.k8s.io/v1alpha1";
interface New {
  apiVersion: 'client.authentication.k8s.io/v1beta1';
}

// Values are changed as ever.
const exec: Exec = {
  apiVersion: "client.authentication.k8s.io/v1alpha1",
  command: "aws",
  args: ["eks", "get-token"],
};
const one = { apiVersion: "client.authentication.k8s.io/v1alpha1", command: "aws" };
