let e = Exec { apiversion: "client.authentication.k8s.io/v1", command: "aws", args: vec!["eks", "get-token"] };
