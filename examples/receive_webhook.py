"""Receive and verify webhooks with Python's standard library alone.

    WEBHOOK_SECRET=whsec_... python examples/receive_webhook.py 9000

It believes nothing but a body signed with the secret within the last five minutes, takes each webhook-id once,
and answers before it does anything slow. Behind it, ask `GET /api/v1/changes?after=<seq>` whenever a seq is
missing: webhooks may come twice and in any order.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE = 300  # seconds between our clock and the sender's
LARGEST = 64 * 1024


def verified(secret: str, headers, body: bytes, now: float) -> dict:
    """Return the event; ValueError for a body that is not the sender's, or an old one sent again."""
    identity, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent.isascii() or not sent.isdigit() or abs(now - int(sent)) > TOLERANCE:
        raise ValueError("the timestamp is missing or too far away")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.digest(key, f"{identity}.{sent}.".encode() + body, hashlib.sha256)).decode()
    for signature in headers.get("webhook-signature", "").split():  # two while a secret is being changed
        version, _, given = signature.partition(",")
        if version == "v1" and hmac.compare_digest(given.encode(), wanted.encode()):
            return json.loads(body)
    raise ValueError("no signature fits")


class Receiver(BaseHTTPRequestHandler):
    seen: set[str] = set()  # keep these in a database, for at least four days

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(int(length)) if length.isdigit() and int(length) <= LARGEST else b""
        try:
            event = verified(os.environ["WEBHOOK_SECRET"], self.headers, body, time.time())
        except ValueError as refusal:
            return self.answer(400, str(refusal))
        if self.headers["webhook-id"] not in self.seen:
            self.seen.add(self.headers["webhook-id"])
            data = event["data"]
            print(event["type"], data.get("seq"), data.get("claim"), data.get("rating"), flush=True)
        return self.answer(204)

    def answer(self, status: int, words: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(words.encode())))
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, *args):
        """Keep the output to what was received."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()
