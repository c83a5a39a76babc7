package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Printf(`{"apiVersion": "client.authentication.k8s.io/v1alpha1", "kind": "ExecCredential", "status": {"token": %q}}`, os.Getenv("TOKEN"))
	fmt.Printf("{\"apiVersion\": \"client.authentication.k8s.io/v1alpha1\", \"kind\": \"ExecCredential\", \"status\": {\"token\": %q}}\n", os.Getenv("TOKEN"))
}
