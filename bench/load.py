"""Ask a server the same things again and again over kept connections; say how long it took and what came back.

    load.py PORT CONNECTIONS SECONDS|COUNTn FILE     FILE holds the requests, as JSON strings, one a line

A server under measurement has a core of its own; this has the other.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter


class Line:
    """One connection, and the answer that is coming in on it."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer, self.asked_at = b"", 0.0

    def ask(self, request):
        self.buffer, self.asked_at = b"", time.perf_counter()
        self.socket.sendall(request)

    def is_whole(self):
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed a kept connection")
        self.buffer += data
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        if not gap:
            return False
        lower = head.lower()
        if lower.startswith((b"http/1.1 304", b"http/1.1 204")):
            return True
        if b"transfer-encoding: chunked" in lower:
            return body.endswith(b"0\r\n\r\n")
        length = lower.partition(b"content-length:")[2].partition(b"\r")[0]
        return len(body) >= int(length)


def run(port, connections, requests, *, count=0, seconds=0.0):
    """Return statuses, bytes of one answer, how many in how many seconds, and the milliseconds of each."""
    selector, statuses, took, size = selectors.DefaultSelector(), Counter(), [], 0
    for _ in range(connections):
        line = Line(port)
        selector.register(line.socket, selectors.EVENT_READ, line)
    asked = done = 0
    began = time.perf_counter()

    def is_over():
        return asked >= count if count else time.perf_counter() - began >= seconds

    for key in list(selector.get_map().values()):
        key.data.ask(requests[asked % len(requests)])
        asked += 1
    while done < asked:
        for key, _ in selector.select():
            line = key.data
            if not line.is_whole():
                continue
            done += 1
            took.append((time.perf_counter() - line.asked_at) * 1000)
            statuses[int(line.buffer[9:12])] += 1
            size = len(line.buffer)
            if not is_over():
                line.ask(requests[asked % len(requests)])
                asked += 1
    elapsed = time.perf_counter() - began
    took.sort()
    return {
        "statuses": dict(statuses), "bytes": size, "count": done, "seconds": elapsed,
        "p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100],
    }  # fmt: skip


if __name__ == "__main__":
    port, connections, much, file = sys.argv[1:]
    with open(file) as lines:
        asked = [json.loads(line).encode() for line in lines]
    amount = {"count": int(much[:-1])} if much.endswith("n") else {"seconds": float(much)}
    print(json.dumps(run(int(port), int(connections), asked, **amount)))
