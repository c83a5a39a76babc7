sed -i 's/client.authentication.k8s.io\/v1beta1/client.authentication.k8s.io\/v1alpha1/' config
sed -i 's/client\.authentication\.k8s\.io\/v1beta1/client\.authentication\.k8s\.io\/v1alpha1/' config
sed -i -e "s|apiVersion: client.authentication.k8s.io/v1beta1|apiVersion: client.authentication.k8s.io/v1alpha1|g" config
perl -pi -e 's{client.authentication.k8s.io/v1}{client.authentication.k8s.io/v1alpha1}' config
sed -i 's,client.authentication.k8s.io/v1alpha1,client.authentication.k8s.io/v1beta1,' config
sed -i 's/v1beta1/v1alpha1/' config
# sed -i 's/x/client.authentication.k8s.io\/v1alpha1/' config
