package main

const old = "client.authentication.k8s.io/v1alpha1" // client.authentication.k8s.io/v1alpha1
