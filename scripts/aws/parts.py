"""Installs and runs the real programs, aws-cli and kubectl, each in its own folder below WORK.

aws runs with made-up credentials: it signs the token without asking anybody. Callers therefore
install the programs first and then cut off the network (`isolation.isolate`).

Importing this module makes the modules of scripts/kubectl importable.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
KUBECTL_TOOLS = os.path.join(os.path.dirname(HERE), "kubectl")
sys.path.insert(0, KUBECTL_TOOLS)

from oracle import limited

GROUP = "client.authentication.k8s.io/"
REGION = "eu-west-1"
# The example key from the AWS documentation.
KEY = "AKIAIOSFODNN7EXAMPLE"
# Time limit for one kubectl or aws, in seconds; the first run of an aws compiles its Python files.
LIMIT = 60
# The Pythons to try, in this order, until one runs a release of aws-cli.
PYTHONS = [sys.executable, *(f"python3.{minor}" for minor in range(13, 5, -1))]


class Failed(Exception):
    """A step failed. The text is for people."""


def need(right, what):
    """Fails the step with the message `what` unless the condition holds."""
    if not right:
        raise Failed(what)


class Parts:
    """The programs below a folder WORK; `aws` and `kubectl` are versions as text, such as "1.24"."""

    def __init__(self, work):
        self.work = os.path.realpath(work)
        os.makedirs(self.work, exist_ok=True)
        self.binaries = os.environ.get("KUBECTL_DIR") or os.path.join(self.work, "kubectl")

    def fetch_kubectl(self, minors):
        """Installs these kubectls, unless they are already installed."""
        missing = [minor for minor in minors if not os.access(self.kubectl_path(minor), os.X_OK)]
        if not missing:
            return
        fetch = [os.path.join(KUBECTL_TOOLS, "fetch"), *missing]
        if subprocess.run(fetch, env=os.environ | {"KUBECTL_DIR": self.binaries}).returncode != 0:
            raise Failed(f"kubectl {', '.join(missing)}: not fetched")

    def fetch_aws(self, version):
        """Installs this release of aws-cli with the first Python that runs it, and returns the version
        of that Python."""
        if not self._runs(version):
            tried = []
            for python in filter(shutil.which, PYTHONS):
                trouble = self._install(version, python)
                if trouble is None:
                    break
                tried.append(f"{python}: {trouble}")
            else:
                raise Failed(f"aws-cli {version}: no Python runs it\n" + "\n".join(tried))
            print(f"aws-cli {version}: installed, {self._runs(version)}", flush=True)
        return self._runs(version).split("Python/")[1].split()[0]

    def _install(self, version, python):
        """Returns why this Python cannot run it; None if it can."""
        venv = self.venv(version)
        shutil.rmtree(venv, ignore_errors=True)
        constraints = os.path.join(HERE, "constraints.txt")
        pip = [os.path.join(venv, "bin", "python"), "-m", "pip", "install", "--quiet"]
        for command in [
            [python, "-m", "venv", venv],
            [*pip, "--constraint", constraints, f"awscli=={version}"],
            [os.path.join(venv, "bin", "aws"), "--version"],
        ]:
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True
            )
            if ended.returncode != 0:
                lines = (ended.stderr or ended.stdout).strip().splitlines()
                return lines[-1] if lines else f"{command[0]} ended with {ended.returncode}"
        return None

    def _runs(self, version):
        """Returns what `aws --version` prints; None if it is another release or does not run."""
        aws = os.path.join(self.venv(version), "bin", "aws")
        if not os.path.exists(aws):
            return None
        ended = subprocess.run([aws, "--version"], capture_output=True, text=True)
        # Python 2 and old versions of argparse print it on stderr.
        printed = (ended.stdout or ended.stderr).strip()
        right = ended.returncode == 0 and printed.startswith(f"aws-cli/{version} ")
        return printed if right else None

    def venv(self, version):
        """Returns the folder of a release of aws-cli."""
        return os.path.join(self.work, f"aws-{version}")

    def kubectl_path(self, minor):
        """Returns the path of a kubectl."""
        return os.path.join(self.binaries, f"kubectl-{minor}")

    def aws(self, version, arguments, more=None):
        """Runs `aws`; returns exit status, stdout and stderr. `more`: more environment variables."""
        command = [os.path.join(self.venv(version), "bin", "aws"), *arguments]
        return self.run(command, version, more)

    def kubectl(self, minor, aws, kubeconfig):
        """Requests /version with the release `aws` on PATH; returns exit status, stdout and stderr."""
        request = ["get", "--raw", "/version", f"--request-timeout={LIMIT}s"]
        return self.run([self.kubectl_path(minor), "--kubeconfig", kubeconfig, *request], aws)

    def run(self, command, aws, more=None):
        """Runs a command with the release `aws` on PATH; returns exit status, stdout and stderr."""
        with tempfile.TemporaryDirectory(prefix="aws.") as home:
            environment = {
                "HOME": home,
                "PATH": os.path.join(self.venv(aws), "bin"),
                "LANG": "C.UTF-8",
                "AWS_ACCESS_KEY_ID": KEY,
                "AWS_SECRET_ACCESS_KEY": "made-up",
                "AWS_DEFAULT_REGION": REGION,
                "AWS_EC2_METADATA_DISABLED": "true",
                **(more or {}),
            }
            status, out, err = limited(command, environment, home, LIMIT)
        if status is None:
            raise Failed(f"{' '.join(command)}: not done after {LIMIT} seconds")
        return status, out.decode(), err.decode()


def exec_info(version):
    """Returns KUBERNETES_EXEC_INFO as kubectl sets it for a kubeconfig with `version` (v1beta1)."""
    return json.dumps(
        {"kind": "ExecCredential", "apiVersion": GROUP + version, "spec": {"interactive": False}}
    )
