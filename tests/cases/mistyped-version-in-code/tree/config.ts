export const exec = {
  apiVersion: 'client.authentication.k8s.io/',
  command: 'aws',
  args: ['eks', 'get-token'],
};
export const other = {
  apiVersion: `client.authentication.k8s.io/${version}`,
  command: 'aws',
};
