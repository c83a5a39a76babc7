if (out.apiVersion !== 'client.authentication.k8s.io/v1alpha1' || out.kind !== 'ExecCredential') {
  reject(new Error('no credential'));
}
