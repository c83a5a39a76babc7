"""Asks kubectl about a file, in the form of the recorded table (tests/kubectl/README.md)."""

import base64
import json
from dataclasses import dataclass

from kubeconfigs import V1BETA1
from servers import TLS_SERVER

REQUEST = ["get", "--raw", "/version", "--request-timeout=5s"]
OWN_SERVER = ["--server", TLS_SERVER, "--insecure-skip-tls-verify=true"]

# The valid kubeconfig to use with a credential or a kuberc.
SOUND = """apiVersion: v1
kind: Config
clusters:
- name: c
  cluster:
    server: https://127.0.0.1:18443
    insecure-skip-tls-verify: true
contexts:
- name: x
  context:
    cluster: c
    user: u
current-context: x
users:
- name: u
  user:
    exec:
      apiVersion: %s
      command: fake-plugin
      interactiveMode: Never
"""

@dataclass
class File:
    """A file to ask about. `kind`: kubeconfig, credential or kuberc. `configured`: the apiVersion of
    the exec config whose plugin prints the credential."""

    name: str
    family: str
    kind: str
    data: bytes
    configured: str | None = None


def of(oracle, minor, file):
    """Returns the verdict of one kubectl on the file, without its minor."""
    if file.kind == "credential":
        sound = (SOUND % file.configured).encode()
        return {"current": _words(oracle.run(minor, sound, REQUEST, plugin_prints=file.data))}
    if file.kind == "kuberc":
        sound = (SOUND % V1BETA1).encode()
        return {"current": _words(oracle.run(minor, sound, REQUEST, kuberc=file.data))}
    view = oracle.run(minor, file.data, ["config", "view", "--raw", "-o", "json"])
    if view.status != 0:
        # Every command decodes the file first, and prints the same if that fails.
        return {"decoded": False, "current": _words(view)}
    current = _words(oracle.run(minor, file.data, REQUEST))
    users = json.loads(view.stdout).get("users") or []
    model = {user["name"]: (user.get("user") or {}).get("exec") for user in users}
    said = {
        # A flag cannot have an empty name as its value, and an argument cannot contain a NUL.
        name: _words(oracle.run(minor, file.data, [f"--user={name}", *OWN_SERVER, *REQUEST]))
        for name in model
        if name and "\0" not in name
    }
    return {"decoded": True, "model": model, "current": current, "users": said}


def _words(run):
    return {"class": run.kind, "says": run.stderr}


def line(oracle, minors, file):
    """Returns the table's line for a file: minors with the same verdict share an entry, in order of the
    first."""
    verdicts = []
    for minor in minors:
        verdict = of(oracle, minor, file)
        for known in verdicts:
            if {key: value for key, value in known.items() if key != "minors"} == verdict:
                known["minors"].append(minor)
                break
        else:
            verdicts.append({"minors": [minor], **verdict})
    return {**unanswered(file), "verdicts": verdicts}


def unanswered(file):
    """Returns the table's line for a file, without verdicts."""
    line = {"name": file.name, "family": file.family, "kind": file.kind}
    if file.configured is not None:
        line["configured"] = file.configured
    try:
        return {**line, "text": file.data.decode("utf-8")}
    except UnicodeDecodeError:
        return {**line, "base64": base64.b64encode(file.data).decode()}


def file_of(line):
    """Returns the file of a line of the table, whose verdicts may still be missing."""
    data = line["text"].encode() if "text" in line else base64.b64decode(line["base64"])
    family = line.get("family") or line["name"].partition("/")[0]
    return File(line["name"], family, line["kind"], data, line.get("configured"))
