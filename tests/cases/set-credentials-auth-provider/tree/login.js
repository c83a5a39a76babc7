exec(`kubectl config set-credentials ${name} --auth-provider=gcp`);
