"""Two loopback servers, one TLS and one plain HTTP, that answer any request with what they received."""

import json
import os
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from paths import DATA, TLS

TLS_PORT = 18443
HTTP_PORT = 18080
TLS_SERVER = f"https://127.0.0.1:{TLS_PORT}"
HTTP_SERVER = f"http://127.0.0.1:{HTTP_PORT}"


class Echo(BaseHTTPRequestHandler):
    """Answers with the path and the kind of credentials of the request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        tls = isinstance(self.connection, ssl.SSLSocket)
        body = json.dumps(
            {
                "path": self.path,
                "authorization": self.headers.get("Authorization"),
                "certificate": tls and bool(self.connection.getpeercert(True)),
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format, *args):
        """Logs nothing: only what kubectl prints is recorded."""


class Server(ThreadingHTTPServer):
    """A server whose threads end with the program. `context`: the TLS context; None for HTTP."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port, context):
        super().__init__(("127.0.0.1", port), Echo)
        self.context = context

    def finish_request(self, request, client_address):
        # Do the handshake here, in the thread of the request, so that it blocks no other.
        request.settimeout(5)
        if self.context is not None:
            request = self.context.wrap_socket(request, server_side=True)
        self.RequestHandlerClass(request, client_address, self)

    def handle_error(self, request, client_address):
        """Ignores a client that disconnects or does not trust us: kubectl reports that itself."""


def certificate():
    """Returns the paths of the server's certificate and key; creates them on first use."""
    cert, key = os.path.join(TLS, "cert.pem"), os.path.join(TLS, "key.pem")
    if not os.path.exists(cert):
        os.makedirs(TLS, exist_ok=True)
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "3650",
                "-subj",
                "/CN=127.0.0.1",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                key,
                "-out",
                cert,
            ],
            check=True,
            capture_output=True,
        )
    return cert, key


class Servers:
    """Runs both servers for the duration of the `with` block."""

    def __enter__(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cert, key = certificate()
        context.load_cert_chain(cert, key)
        # Ask for a client certificate, but accept requests without one. Trust that of the probes: the
        # message of a rejection differs from run to run.
        context.load_verify_locations(os.path.join(DATA, "client-certificate.pem"))
        context.verify_mode = ssl.CERT_OPTIONAL
        self.running = [Server(TLS_PORT, context), Server(HTTP_PORT, None)]
        for server in self.running:
            threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in self.running:
            server.shutdown()
            server.server_close()
