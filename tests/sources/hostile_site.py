"""A hostile site of our own on the loopback, and a resolver that counts."""

import asyncio
import contextlib
import gzip
import re
import threading
import zlib
from dataclasses import dataclass, field
from itertools import chain

from sources.batches import look_at_many
from sources.web import FetchPolicy, FetchRequest, Limits, fetch_all

PAGE = b"<html><head><title>News</title></head><body><p>Fatah lost 28 of 48 seats.</p></body></html>"
ZIPPED = gzip.compress(PAGE)


def answer(body=b"", *headers, status="200 OK", kind="text/html", length=None):
    """The bytes of one whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"Content-Type: {kind}"] if kind else []
    return "\r\n".join([*lines, *headers]).encode("latin-1") + b"\r\n\r\n" + body


def chunked(*pieces, end=b"0\r\n\r\n"):
    """The bytes of one answer in chunks."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + body + end


def moved(location, status="302 Found"):
    """A redirect whose body is a bomb nobody must open."""
    return answer(b"x" * 100, f"Location: {location}", "Content-Encoding: gzip", status=status)


def _bare_deflate(data):
    maker = zlib.compressobj(wbits=-15)
    return maker.compress(data) + maker.flush()


# What the site answers under each path: bytes sent at once, or pieces sent for ever, one every so often.
ANSWERS = {
    "/robots.txt": answer(b"User-agent: *\nDisallow: /secret", kind="text/plain"),
    "/ok": answer(PAGE, 'ETag: "v1"', "Last-Modified: Sat, 19 Sep 2026 12:00:00 GMT"),
    "/secret": answer(PAGE),
    "/untyped": answer(PAGE, kind=None),
    "/chunked": chunked(PAGE[:20], PAGE[20:]),
    "/http10": b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    "/gzip": answer(ZIPPED, "Content-Encoding: gzip"),
    "/xgzip": answer(ZIPPED, "Content-Encoding: x-gzip"),
    "/zlib": answer(zlib.compress(PAGE), "Content-Encoding: deflate"),
    "/deflate": answer(_bare_deflate(PAGE), "Content-Encoding: deflate"),
    "/identity": answer(PAGE, "Content-Encoding: identity"),
    "/gzip-cut": answer(ZIPPED[:-20], "Content-Encoding: gzip"),
    "/gzip-no-crc": answer(ZIPPED[:-8], "Content-Encoding: gzip"),
    "/gzip-bad-crc": answer(ZIPPED[:-8] + b"12345678", "Content-Encoding: gzip"),
    "/gzip-twice": answer(gzip.compress(ZIPPED), "Content-Encoding: gzip, gzip"),
    "/gzip-members": answer(ZIPPED + ZIPPED, "Content-Encoding: gzip"),
    "/gzip-lie": answer(PAGE, "Content-Encoding: gzip"),
    "/gzip-empty": answer(b"", "Content-Encoding: gzip"),
    "/brotli": answer(b"\x0b\x02\x80abc\x03", "Content-Encoding: br"),
    "/bomb": answer(gzip.compress(bytes(60_000_000), 9), "Content-Encoding: gzip"),
    "/short": answer(PAGE, length=len(PAGE) + 50),
    "/long": answer(PAGE, length=10),
    "/huge-said": answer(PAGE, length=10**12),
    "/huge": [b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x" * 100_000],
    "/chunk-cut": chunked(PAGE, end=b""),
    "/chunk-bad": chunked(PAGE, end=b"zz\r\n"),
    "/two-lengths": answer(PAGE, "Content-Length: 3"),
    "/length-and-chunks": answer(PAGE, "Transfer-Encoding: chunked"),
    "/negative": answer(PAGE, length=-3),
    "/garbage": b"\x00\x01\x02garbage\r\n\r\n",
    "/http09": PAGE,
    "/silent": b"",
    "/head-cut": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "/many-headers": answer(PAGE, *(f"X-{n}: y" for n in range(200))),
    "/wide-header": answer(PAGE, "X: " + "a" * 20_000),
    "/wider-header": answer(PAGE, "X: " + "a" * 40_000),
    "/much-header": answer(PAGE, *(f"X-{n}: {'a' * 600}" for n in range(80))),
    "/endless-head": [b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 200],
    "/slow-head": [b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"],
    "/nul-header": answer(PAGE, "X: a\x00b"),
    "/few-100": b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + answer(PAGE),
    "/many-100": b"HTTP/1.1 100 Continue\r\n\r\n" * 20 + answer(PAGE),
    "/switch": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "/hang": [b""],
    "/drip-head": [b"HTTP/1.1 200 OK\r\nX: a", b"a"],
    "/drip-body": [b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\nContent-Type: text/html\r\n\r\n", b"a"],
    "/stall": [b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nContent-Type: text/html\r\n\r\nabc", b""],
    "/image": answer(b"\x89PNG", kind="image/png"),
    "/zip": answer(b"PK", kind="application/zip"),
    "/nothing": answer(b""),
    "/204": answer(b"", status="204 No Content"),
    "/206": answer(PAGE, status="206 Partial Content"),
    "/304": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "/400": answer(PAGE, status="400 Bad Request"),
    "/401": answer(PAGE, status="401 Unauthorized"),
    "/402": answer(PAGE, status="402 Payment Required"),
    "/403": answer(PAGE, status="403 Forbidden"),
    "/404": answer(PAGE, status="404 Not Found"),
    "/410": answer(PAGE, status="410 Gone"),
    "/451": answer(PAGE, status="451 Unavailable For Legal Reasons"),
    "/500": answer(PAGE, status="500 Oh"),
    "/999": answer(PAGE, status="999 No"),
    "/429": answer(PAGE, "Retry-After: 120", status="429 Too Many Requests"),
    "/503-wait": answer(PAGE, "Retry-After: 5", status="503 Busy"),
    "/moved": moved("/ok", "301 Moved Permanently"),
    "/moved-then-found": moved("/found", "308 Permanent Redirect"),
    "/found": moved("/ok"),
    "/bytes": b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n",
    "/caf%E9": answer(PAGE),
    "/loop": moved("/loop"),
    "/loop-a": moved("/loop-b"),
    "/loop-b": moved("/loop-a"),
    "/nowhere": answer(b"", status="302 Found"),
    "/two-places": answer(b"", "Location: /ok", "Location: /found", status="302 Found"),
    "/to-secret": moved("/secret"),
    "/to-private": moved("http://10.0.0.1/"),
    "/to-metadata": moved("http://169.254.169.254/latest/meta-data/"),
    "/to-loopback": moved("http://127.0.0.1/"),
    "/to-ipv6": moved("http://[::1]/"),
    "/to-file": moved("file:///etc/passwd"),
    "/to-script": moved("javascript:alert(1)"),
    "/to-userinfo": moved("http://example.com@127.0.0.1/"),
    "/to-backslash": moved("/\\evil.example/"),
    "/to-tab": moved("/o\tk"),
    "/to-dword": moved("http://2130706433/"),
    **{f"/hop{n}": moved(f"/hop{n + 1}") for n in range(7)},
}


@dataclass
class Site:
    """A running site: its port, and what it was asked."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    now: int = 0
    most: int = 0

    @property
    def origin(self):
        return f"127.0.0.1:{self.port}"

    def url(self, path):
        return f"http://{self.origin}{path}"

    async def serve(self, reader, writer):
        self.now += 1
        self.most = max(self.most, self.now)
        with contextlib.suppress(Exception, asyncio.CancelledError):
            await self.reply(reader, writer)
        with contextlib.suppress(Exception, asyncio.CancelledError):
            writer.close()
        self.now -= 1

    async def reply(self, reader, writer):
        first = await reader.readexactly(1)
        if first == b"\x16":  # a TLS greeting
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split()[1]
        self.asked.append(path)
        self.heads.append(head)
        if length := re.search(r"(?i)\r\ncontent-length: (\d+)", head):
            self.bodies.append(await reader.readexactly(int(length.group(1))))
        if "If-None-Match" in head and path == "/ok":
            path = "/304"
        reply = self.answers.get(path, answer(b"", status="404 Not Found"))
        if callable(reply):
            await reply(writer)
        elif isinstance(reply, list):
            writer.write(reply[0])
            while not writer.is_closing():
                writer.write(reply[1] if len(reply) > 1 else b"")
                await writer.drain()
                await asyncio.sleep(0.0 if len(reply[-1]) > 1000 else 0.05)
        else:
            writer.write(reply)
            await writer.drain()


@contextlib.contextmanager
def listening(serve, context=None):
    """The port of a server that answers each connection with `serve`, in a loop and thread of its own."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    stopped, ports = asyncio.Event(), []

    async def run():
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await stopped.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    ready.wait(5)
    yield ports[0]
    loop.call_soon_threadsafe(stopped.set)
    thread.join(5)
    loop.close()


@contextlib.contextmanager
def running(answers, context=None):
    """A site on a free port, behind TLS when given a context."""
    site = Site(answers=dict(answers))
    with listening(site.serve, context) as site.port:
        yield site


class CountingResolver:
    """Answers from a table and counts."""

    def __init__(self, answers=None):
        self.answers = answers or {}
        self.asked = []

    async def resolve(self, host, port):
        self.asked.append(host)
        if host not in self.answers:
            raise OSError("no such name")
        return self.answers[host]


def policy_for(site, **changes):
    limits = {
        "first_byte": 0.6, "connect": 0.4, "idle": 0.4, "total": 1.5, "wire": 2_000_000, "decoded": 1_000_000,
        "per_host": 8,
    }  # fmt: skip
    limits.update(changes.pop("limits", {}))
    defaults = {
        "user_agent": "FactDesk/1.0 (+https://factdesk.example/bot)",
        "allowed_origin": site.origin,
        "spacing": 0.0,
        "robots": False,
        "limits": Limits(**limits),
    }
    return FetchPolicy(**{**defaults, **changes})


def look(site, path, *, resolver=None, etag="", last_modified="", **changes):
    """One look at a path of a site, or at a whole address."""
    url = path if "://" in path else site.url(path)
    request = FetchRequest(url, etag, last_modified)
    return fetch_all([request], policy_for(site, **changes), resolver=resolver or CountingResolver())[0]


def look_at_each(requests, policy, read, **how):
    """What `read` made of each of these, in their order."""
    return [made for _, made in sorted(chain.from_iterable(look_at_many(requests, policy, read, **how)))]
