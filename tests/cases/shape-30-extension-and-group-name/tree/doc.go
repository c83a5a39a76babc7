// +groupName=client.authentication.k8s.io
package clientauthentication

const reservedExtension = "client.authentication.k8s.io/exec"
