"""A loopback stand-in for EKS: it describes one cluster, whose server is the TLS server of `servers`.

It lets the real `aws eks update-kubeconfig` write the kubeconfigs.
"""

import base64
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import parts
import servers

PORT = 18081
CLUSTER = "demo"


class Describe(BaseHTTPRequestHandler):
    """Answers every request as DescribeCluster."""

    def do_GET(self):
        with open(servers.certificate()[0], "rb") as file:
            authority = base64.b64encode(file.read()).decode()
        cluster = {
            "name": CLUSTER,
            "arn": f"arn:aws:eks:{parts.REGION}:123456789012:cluster/{CLUSTER}",
            "endpoint": servers.TLS_SERVER,
            "certificateAuthority": {"data": authority},
            "status": "ACTIVE",
        }
        body = json.dumps({"cluster": cluster}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Logs nothing."""


class Eks:
    """Runs the stand-in for the duration of the `with` block."""

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", PORT), Describe)
        threading.Thread(target=self.server.serve_forever, args=(0.2,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def update_kubeconfig(work, aws, kubeconfig):
    """Makes this release of aws-cli write its entry into the file."""
    command = ["--endpoint-url", f"http://127.0.0.1:{PORT}", "eks", "update-kubeconfig"]
    command += ["--name", CLUSTER, "--kubeconfig", os.path.abspath(kubeconfig)]
    status, _, err = work.aws(aws, command)
    if status != 0:
        raise parts.Failed(f"aws-cli {aws}: update-kubeconfig ended with {status}: {err}")
