#!/bin/sh
case $1 in
nested)
cat <<EOS
{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "$(jq -r '.users[] | select(.name == "x") | .user["token"]' "$HOME/f")"}}
EOS
;;
default)
cat <<EOS
{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "${TOKEN:-"none"}"}}
EOS
;;
lines)
cat <<EOS
{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "$(
  get-token
)"}}
EOS
;;
backticks)
cat <<EOS
{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1alpha1", "status": {"token": "`get-token "$CLUSTER"`"}}
EOS
;;
broken)
cat <<EOS
{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "$(get-token "$CLUSTER")" "expirationTimestamp": null}}
EOS
esac
