  user:
    auth-provider:
      config:
        cmd-path: ${gcloud}
      name: gcp
