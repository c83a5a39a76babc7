"""release_server.py FOLDER PORTS LOG: plays the server of the releases in FOLDER, over HTTPS on this
machine only, for check-action.sh.

The first part of an address says what happens: `good` serves the file; `absent` says 404; `cut` ends
in the middle of an archive; `changed` changes a byte of it; `hang` never answers; `moved` redirects to
`good` on the other name of this machine, and `plain` to HTTP. Writes its two ports (HTTPS and HTTP)
to PORTS, and each request to LOG. Expects FOLDER/key.pem with a certificate for localhost and 127.0.0.1.
"""

import http.server
import ssl
import sys
import threading
import time
from pathlib import Path

folder, ports, log = map(Path, sys.argv[1:])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with log.open("a", encoding="ascii") as out:
            print(self.server.scheme, self.path, file=out)
        kind, _, name = self.path.lstrip("/").partition("/")
        file = folder / name
        if kind == "hang":
            time.sleep(600)
        elif kind in ("moved", "plain"):
            self.send_response(302)
            place = f"https://127.0.0.1:{tls.server_port}" if kind == "moved" else f"http://127.0.0.1:{plain.server_port}"
            self.send_header("Location", f"{place}/good/{name}")
            self.end_headers()
        elif kind == "absent" or ".." in name or not file.is_file():
            self.send_error(404)
        else:
            body = file.read_bytes()
            is_archive = name.endswith(".tar.gz")
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if kind == "cut" and is_archive:
                body = body[: len(body) // 2]
            elif kind == "changed" and is_archive:
                body = body[:-1] + bytes([body[-1] ^ 1])
            self.wfile.write(body)

    def log_message(self, *_):
        pass


plain = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
plain.scheme = "http"
tls = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
tls.scheme = "https"
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "key.pem")
tls.socket = context.wrap_socket(tls.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=plain.serve_forever, daemon=True).start()
ports.write_text(f"{tls.server_port} {plain.server_port}\n", encoding="ascii")
# It ends even if nobody ends it.
end = threading.Timer(1800, tls.shutdown)
end.daemon = True
end.start()
tls.serve_forever()
