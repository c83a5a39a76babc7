export class Exec {
  apiVersion?: string = 'client.authentication.k8s.io/v1alpha1';
  static apiVersion: string = 'client.authentication.k8s.io/v1alpha1';
}
