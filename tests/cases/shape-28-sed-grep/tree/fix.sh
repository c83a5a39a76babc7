#!/bin/sh
sed -i 's/client.authentication.k8s.io\/v1alpha1/client.authentication.k8s.io\/v1beta1/g' ~/.kube/config
sed -i "s#apiVersion: client.authentication.k8s.io/v1alpha1#apiVersion: client.authentication.k8s.io/v1beta1#" ~/.kube/config
sed -i -e 's|client.authentication.k8s.io/v1alpha1|client.authentication.k8s.io/v1beta1|' "$@"
sed -i 's/client\.authentication\.k8s\.io\/v1alpha1/client.authentication.k8s.io\/v1beta1/' config
if grep -q client.authentication.k8s.io/v1alpha1 ~/.kube/config; then
  echo "old: client.authentication.k8s.io/v1alpha1" >&2
fi
grep -rl 'apiVersion: client.authentication.k8s.io/v1alpha1' clusters | xargs sed -i 's/v1alpha1/v1beta1/'
perl -pi -e 's{client.authentication.k8s.io/v1alpha1}{client.authentication.k8s.io/v1beta1}g' ~/.kube/config
yq -i '(.users[].user.exec.apiVersion | select(. == "client.authentication.k8s.io/v1alpha1")) = "client.authentication.k8s.io/v1beta1"' ~/.kube/config
[ "$version" = "client.authentication.k8s.io/v1alpha1" ] && exit 1
rg -l client.authentication.k8s.io/v1alpha1 .
