@echo off
echo {"apiVersion": "client.authentication.k8s.io/v1alpha1", "kind": "ExecCredential", "status": {"token": "%TOKEN%"}}
echo {
echo   "kind": "ExecCredential",
echo   "apiVersion": "client.authentication.k8s.io/v1alpha1",
echo   "status": {"token": "%TOKEN%"}
echo }
