import subprocess

subprocess.run(["kubectl", "config", "set-credentials", name, "--auth-provider=gcp"])
subprocess.run(["kubectl", "config", "set-credentials", "b", "--auth-provider", "azure"])
subprocess.run(["kubectl", "config", "set-credentials", "c", "--auth-provider", provider])
