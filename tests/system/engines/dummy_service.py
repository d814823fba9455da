"""A service of a few lines for tests of the supervisor: ready at once, with ways to misbehave on request.

GET /exit/CODE ends it, /ignore makes it deaf to SIGTERM, /unready makes its readiness fail, /fork leaves a grandchild.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

READY = {"status": 200}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        _, verb, *rest = self.path.split("/")
        self.send_response(READY["status"] if verb == "health" else 200)
        self.end_headers()
        self.wfile.write(b'{"mode":"sim"}')
        self.wfile.flush()
        if verb == "exit":
            os._exit(int(rest[0]))
        if verb == "ignore":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if verb == "unready":
            READY["status"] = 503
        if verb == "fork":
            subprocess.Popen(["sleep", "1000"])

    def log_message(self, format: str, *args: object) -> None:
        print(f"plain line: {format % args}", flush=True)


HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
