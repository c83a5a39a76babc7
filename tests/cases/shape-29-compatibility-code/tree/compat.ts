export const DEPRECATED = "client.authentication.k8s.io/v1alpha1";
export type ExecVersion = "client.authentication.k8s.io/v1alpha1" | "client.authentication.k8s.io/v1beta1";
export enum Version { Old = "client.authentication.k8s.io/v1alpha1" }

export function check(exec: { apiVersion: string }) {
  if (exec.apiVersion === "client.authentication.k8s.io/v1alpha1") {
    console.warn("client.authentication.k8s.io/v1alpha1 is deprecated");
  }
  switch (exec.apiVersion) {
    case "client.authentication.k8s.io/v1alpha1":
      throw new Error(`invalid apiVersion: "client.authentication.k8s.io/v1alpha1"`);
  }
  expect(exec.apiVersion).toBe("client.authentication.k8s.io/v1beta1");
}
