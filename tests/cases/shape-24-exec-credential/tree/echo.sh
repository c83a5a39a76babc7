#!/bin/bash
TOKEN=made-up
echo '{"apiVersion": "client.authentication.k8s.io/v1alpha1", "kind": "ExecCredential", "status": {"token": "'"$TOKEN"'"}}'
echo "{\"apiVersion\": \"client.authentication.k8s.io/v1alpha1\", \"kind\": \"ExecCredential\", \"status\": {\"token\": \"$TOKEN\"}}"
echo {\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1alpha1\",\"status\":{\"token\":\"$TOKEN\"}}
printf '{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1alpha1", "status": {"token": "%s"}}\n' "$TOKEN"
printf '{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "%s"}}\n' "$TOKEN"
jq -n --arg t "$TOKEN" '{apiVersion: "client.authentication.k8s.io/v1alpha1", kind: "ExecCredential", status: {token: $t}}'
