"""A service behind Gatehouse that answers only calls that came through the gateway. Python 3 and nothing else:

    GATEHOUSE_ROUTE_SECRET=$(gatehouse route secret quotes) python3 own_service.py quotes 9000
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONGEST = 8192
CLOCKS_APART = 5


def decode(text):
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def caller(headers, method, target, route, secret):
    """Who calls, or None unless the gateway has said so, of this very call, just now."""
    values = headers.get_all("Gatehouse-Caller") or []
    if len(values) != 1 or len(values[0]) > LONGEST:
        return None
    parts = values[0].split(".")
    if len(parts) != 3:
        return None
    try:
        signed = (parts[0] + "." + parts[1]).encode("ascii")
        if not hmac.compare_digest(hmac.digest(secret, signed, "sha256"), decode(parts[2])):
            return None
        claims = json.loads(decode(parts[1]))
    except ValueError:
        return None
    digest = base64.urlsafe_b64encode(hashlib.sha256(target.encode()).digest()).rstrip(b"=").decode()
    now = int(time.time())
    ours = (
        claims["aud"] == route
        and claims["htm"] == method
        and claims["target_sha256"] == digest
        and claims["iat"] <= now + CLOCKS_APART
        and claims["exp"] >= now
    )
    return claims if ours else None


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        claims = caller(self.headers, self.command, self.path, ROUTE, SECRET)
        text = f"Hello, {claims['slug']}.\n" if claims else "This service answers only calls that come through the gateway.\n"
        body = text.encode()
        self.send_response(200 if claims else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    ROUTE = sys.argv[1]
    SECRET = os.environ["GATEHOUSE_ROUTE_SECRET"].encode()
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Service).serve_forever()
