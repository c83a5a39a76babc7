"""Runs real kubectls, each on one file, with only loopback as the network.

In files, `127.0.0.1:18443` is a TLS server and `127.0.0.1:18080` a plain HTTP server; both answer any
request. `fake-plugin` is a credential plugin on PATH, and `@PLUGIN@` stands for its full path.
"""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from isolation import isolate
from paths import BINARIES, PLUGIN, PLUGIN_FOLDER
from servers import Servers
from words import classify, normalise

# Time limit for one kubectl, in seconds. One that returns at all takes a tenth of a second.
LIMIT = 15


@dataclass
class Run:
    """What one kubectl did. The texts are normalized; `kind` is its class (see words.RULES)."""

    status: int
    kind: str
    stdout: str
    stderr: str


def minors():
    """Returns the minors for which there are binaries, such as "1.20", oldest first."""
    prefix = "kubectl-"
    try:
        names = os.listdir(BINARIES)
    except OSError as error:
        sys.exit(f"no kubectls ({error}): run scripts/kubectl/fetch")
    found = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
    return sorted(found, key=lambda minor: [int(part) for part in minor.split(".")])


def span(wanted):
    """Returns the minors that a text such as `1.20,1.24-1.27` names, with or without binaries."""
    number = lambda minor: int(minor.split(".")[1])
    chosen = set()
    for part in wanted.split(","):
        first, _, last = part.partition("-")
        chosen.update(range(number(first), number(last or first) + 1))
    return [f"1.{minor}" for minor in sorted(chosen)]


class Oracle:
    """Runs the kubectls and their servers for the duration of the `with` block. `run` may be called
    from several threads. `plugins`: the folder that is PATH."""

    def __init__(self, plugins=PLUGIN_FOLDER):
        self.plugins = plugins

    def __enter__(self):
        isolate()
        self.servers = Servers().__enter__()
        return self

    def __exit__(self, *_):
        self.servers.__exit__()

    def run(self, minor, kubeconfig, arguments, kuberc=None, plugin_prints=None):
        """Runs kubectl `minor` with `--kubeconfig` and `arguments` in its own HOME.

        `kubeconfig`, `kuberc` (~/.kube/kuberc), `plugin_prints`: bytes of these files; None for no
        file. A run that is stopped after LIMIT seconds has the class "timeout".
        """
        with tempfile.TemporaryDirectory(prefix="kubectl.") as folder:
            home = os.path.join(folder, "home")
            file = os.path.join(folder, "config")
            log = os.path.join(folder, "called")
            os.mkdir(home)
            _write(file, kubeconfig)
            # PATH contains only plugins: a file may name any command.
            environment = {
                "HOME": home,
                "PATH": self.plugins,
                "PLUGIN_LOG": log,
                "LANG": "C.UTF-8",
                "GOGC": "off",
                "GOMAXPROCS": "1",
            }
            if kuberc is not None:
                os.mkdir(os.path.join(home, ".kube"))
                _write(os.path.join(home, ".kube", "kuberc"), kuberc)
            if plugin_prints is not None:
                environment["PLUGIN_PRINTS"] = os.path.join(folder, "printed")
                _write(environment["PLUGIN_PRINTS"], plugin_prints)
            command = [os.path.join(BINARIES, "kubectl-" + minor), "--kubeconfig", file, *arguments]
            status, out, err = limited(command, environment, folder)
            clean = lambda text: normalise(text.decode("utf-8", "replace"), file, folder, PLUGIN)
            out, err = clean(out), clean(err)
            if status is None:
                return Run(-1, "timeout", out, err)
            return Run(status, classify(status, err, os.path.exists(log)), out, err)


def _write(path, data):
    with open(path, "wb") as file:
        file.write(data.replace(b"@PLUGIN@", PLUGIN.encode()))


def limited(command, environment, folder, limit=LIMIT):
    """Runs the command with empty stdin. Returns exit status, stdout and stderr as bytes; the status
    is None if the command was stopped after `limit` seconds."""
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=limit)
        return process.returncode, out, err
    except subprocess.TimeoutExpired:
        # Stop its plugin, too: it would keep the pipes open.
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        return None, out, err
