(Get-Content $env:KUBECONFIG) -replace 'client.authentication.k8s.io/v1alpha1', 'client.authentication.k8s.io/v1beta1' | Set-Content $env:KUBECONFIG
Select-String -Path $env:KUBECONFIG -Pattern 'client.authentication.k8s.io/v1alpha1'
