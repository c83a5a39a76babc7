EXEC = """
exec:
  apiVersion: client.authentication.k8s.io/v1alpha1
  command: EXEC_COMMAND
"""
