#!/bin/sh
cat >note <<EOF
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

kubectl config set-credentials a --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=scw --exec-arg=k8s --exec-arg=exec-credential
-----BEGIN PGP SIGNATURE-----

x
-----END PGP SIGNATURE-----
EOF
kubectl config set-credentials b --exec-api-version=client.authentication.k8s.io/v1alpha1 --exec-command=scw --exec-arg=k8s --exec-arg=exec-credential
