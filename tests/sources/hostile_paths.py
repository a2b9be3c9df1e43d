"""Everything a site can do to us, by path, with the outcome it must have (RELIABILITY: R3 to R11)."""

import asyncio
import gzip
import io
import socket
import struct
import zlib

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from tests.sources.hostile_site import PAGE, ZIPPED, answer, chunked, moved

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def raw(head, body=PAGE, *, length=True):
    """An answer whose head is written by hand."""
    return head + (b"Content-Length: %d\r\n" % len(body) if length else b"") + b"\r\n" + body


def zipped(data, level=9):
    return gzip.compress(data, level)


def gz(body, *headers, status="200 OK", kind="text/html"):
    return answer(body, "Content-Encoding: gzip", *headers, status=status, kind=kind)


def page(body, charset=""):
    return answer(body, kind="text/html" + (f"; charset={charset}" if charset else ""))


def in_pieces(*pieces, pause=0.05, reset=False):
    """An answer sent piece by piece; at its end the connection is closed, or broken off."""

    async def reply(writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        if reset:
            # No lingering: the peer gets a reset, not an end.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    return reply


def pdf(pages=1, words=b"28 of 48 seats"):
    """A PDF of so many pages that share one content stream."""
    writer = PdfWriter()
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 20 200 Td (" + words + b") Tj ET")
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
    shared = writer._add_object(stream.flate_encode())
    fonts = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
    for _ in range(pages):
        made = writer.add_blank_page(300, 300)
        made[NameObject("/Contents")] = shared
        made[NameObject("/Resources")] = fonts
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def flate_bomb():
    """A PDF whose one content stream unfolds to 80 MB of drawing."""
    return pdf(words=b") Tj (x" * 12_000_000)


BOMB = zipped(bytes(80_000_000))
DEEP_BOMB = zipped(BOMB)
MEMBERS = ZIPPED * 2_000

# path: (outcome, what is sent). A list is a first piece and what is repeated for ever.
HEADS = {
    "/head/endless-100": ("protocol_error", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"]),
    "/head/endless-103": ("protocol_error", [b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"]),
    "/head/flood-100": ("protocol_error", [b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000]),
    "/head/five-100": ("ok", b"HTTP/1.1 100 Continue\r\n\r\n" * 5 + answer(PAGE)),
    "/head/six-100": ("protocol_error", b"HTTP/1.1 100 Continue\r\n\r\n" * 6 + answer(PAGE)),
    "/head/one-102": ("ok", b"HTTP/1.1 102 Processing\r\n\r\n" + answer(PAGE)),
    "/head/hundred": ("ok", answer(PAGE, *(f"X-{n}: y" for n in range(98)))),
    "/head/hundred-and-one": ("protocol_error", answer(PAGE, *(f"X-{n}: y" for n in range(99)))),
    "/head/thousands": ("protocol_error", answer(PAGE, *(f"X-{n}: y" for n in range(5000)))),
    "/head/megabyte": ("protocol_error", answer(PAGE, "X: " + "a" * 1_000_000)),
    "/head/endless-line": ("protocol_error", [b"HTTP/1.1 200 OK\r\nX: ", b"a" * 5000]),
    "/head/endless-name": ("protocol_error", [b"HTTP/1.1 200 OK\r\n", b"a" * 5000]),
    "/head/endless-status": ("protocol_error", [b"HTTP/1.1 200 ", b"a" * 5000]),
    "/head/just-kept": ("ok", answer(PAGE, *(f"X-{n}: {'a' * 600}" for n in range(50)))),
    "/head/no-reason": ("ok", raw(b"HTTP/1.1 200\r\nContent-Type: text/html\r\n")),
    "/head/four-digits": ("protocol_error", raw(b"HTTP/1.1 2000 OK\r\n")),
    "/head/two-digits": ("protocol_error", raw(b"HTTP/1.1 20 OK\r\n")),
    "/head/words": ("protocol_error", raw(b"HTTP/1.1 abc OK\r\n")),
    "/head/below-100": ("protocol_error", raw(b"HTTP/1.1 099 OK\r\n")),
    "/head/icy": ("protocol_error", raw(b"ICY 200 OK\r\n")),
    "/head/http2": ("protocol_error", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)),
    "/head/http-999": ("protocol_error", raw(b"HTTP/9.9 200 OK\r\nContent-Type: text/html\r\n")),
    "/head/no-colon": ("protocol_error", raw(OK_HEAD + b"nonsense\r\n")),
    "/head/blank-name": ("protocol_error", raw(OK_HEAD + b": x\r\n")),
    "/head/lone-cr": ("protocol_error", raw(OK_HEAD + b"X: a\rb\r\n")),
    "/head/control": ("ok", raw(OK_HEAD + b"X: a\x01b\r\n")),
    "/head/latin1": ("ok", raw(OK_HEAD + b"X: caf\xe9\r\n")),
    "/head/ssh": ("protocol_error", b"SSH-2.0-OpenSSH_9.6\r\n"),
    "/head/smtp": ("protocol_error", b"220 mail.example ESMTP\r\n"),
    "/head/redis": ("protocol_error", b"-ERR unknown command\r\n"),
    "/head/tls-alert": ("protocol_error", b"\x15\x03\x03\x00\x02\x02\x28"),
    "/head/reset": ("unreachable", in_pieces(reset=True)),
    "/head/reset-within": ("unreachable", in_pieces(b"HTTP/1.1 200 OK\r\nX", reset=True)),
    "/head/slowly-whole": ("ok", in_pieces(*(b for b in (OK_HEAD, b"Content-Length: 91\r\n", b"\r\n", PAGE)))),
}
LENGTHS = {
    "/length/garbage": ("protocol_error", raw(OK_HEAD + b"Content-Length: many\r\n", length=False)),
    "/length/plus": ("protocol_error", raw(OK_HEAD + b"Content-Length: +91\r\n", length=False)),
    "/length/hex": ("protocol_error", raw(OK_HEAD + b"Content-Length: 0x5b\r\n", length=False)),
    "/length/decimal": ("protocol_error", raw(OK_HEAD + b"Content-Length: 91.0\r\n", length=False)),
    "/length/list": ("protocol_error", raw(OK_HEAD + b"Content-Length: 91, 91\r\n", length=False)),
    "/length/overflow": (
        "protocol_error",
        raw(OK_HEAD + b"Content-Length: 99999999999999999999999\r\n", length=False),
    ),
    "/length/empty": ("protocol_error", raw(OK_HEAD + b"Content-Length:\r\n", length=False)),
    "/length/two": ("protocol_error", raw(OK_HEAD + b"Content-Length: 91\r\nContent-Length: 90\r\n", length=False)),
    "/length/short-by-one": ("truncated", answer(PAGE, length=len(PAGE) + 1)),
    "/length/long-by-one": ("protocol_error", answer(PAGE, length=len(PAGE) - 1)),
    "/length/long-later": ("protocol_error", in_pieces(OK_HEAD + b"Content-Length: 10\r\n\r\n", PAGE)),
    "/length/zero-with-body": ("protocol_error", answer(PAGE, length=0)),
    "/length/two-answers": ("ok", answer(PAGE) + answer(b"<p>other</p>")),
    "/length/reset-within": ("truncated", in_pieces(OK_HEAD + b"Content-Length: 91\r\n\r\n<html>", reset=True)),
    "/length/closed-within": ("truncated", in_pieces(OK_HEAD + b"Content-Length: 91\r\n\r\n<html>")),
    "/chunks/none": ("truncated", OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
    "/chunks/no-end": ("truncated", chunked(PAGE, end=b"0\r\n")),
    "/chunks/empty": ("empty", chunked()),
    "/chunks/short": ("truncated", chunked(PAGE, end=b"ff\r\nabc")),
    "/chunks/negative": ("protocol_error", chunked(PAGE, end=b"-1\r\nabc\r\n0\r\n\r\n")),
    "/chunks/overflow": ("protocol_error", chunked(PAGE, end=b"fffffffffffffffffff\r\nabc\r\n0\r\n\r\n")),
    "/chunks/blank-size": ("protocol_error", chunked(PAGE, end=b"\r\nabc\r\n0\r\n\r\n")),
    "/chunks/hex-mark": ("protocol_error", chunked(PAGE, end=b"0x3\r\nabc\r\n0\r\n\r\n")),
    "/chunks/no-line-end": ("protocol_error", chunked(PAGE, end=b"3\r\nabcd\r\n0\r\n\r\n")),
    "/chunks/extension": ("ok", chunked(PAGE, end=b"0;a=b\r\n\r\n")),
    "/chunks/endless-extension": ("timeout", [chunked(PAGE, end=b"3;"), b"a" * 5000]),
    "/chunks/trailer": ("ok", chunked(PAGE, end=b"0\r\nX-Checksum: 1\r\n\r\n")),
    "/chunks/endless-trailer": ("protocol_error", [chunked(PAGE, end=b"0\r\n"), b"X-A: b\r\n" * 500]),
    "/chunks/one-byte-each": ("ok", chunked(*(PAGE[at : at + 1] for at in range(len(PAGE))))),
    "/chunks/endless": ("too_large", [chunked(end=b""), b"1000\r\n" + b"x" * 4096 + b"\r\n"]),
    "/chunks/after-end": ("protocol_error", chunked(PAGE) + b"<p>more</p>"),
    "/chunks/twice": ("protocol_error", raw(OK_HEAD + b"Transfer-Encoding: chunked, chunked\r\n", length=False)),
    "/chunks/unknown": ("protocol_error", raw(OK_HEAD + b"Transfer-Encoding: cow\r\n", length=False)),
    "/chunks/not-last": ("protocol_error", raw(OK_HEAD + b"Transfer-Encoding: chunked, gzip\r\n", length=False)),
    "/chunks/gzip": ("protocol_error", raw(OK_HEAD + b"Transfer-Encoding: gzip, chunked\r\n", length=False)),
    "/chunks/identity": ("ok", raw(OK_HEAD + b"Transfer-Encoding: identity\r\n", length=False)),
    "/chunks/http10": ("ok", chunked(PAGE).replace(b"HTTP/1.1", b"HTTP/1.0")),
    "/chunks/blank-before-colon": ("protocol_error", raw(OK_HEAD + b"Transfer-Encoding : chunked\r\n", length=False)),
}
CODINGS = {
    "/gzip/at-204": ("truncated", gz(ZIPPED[: len(ZIPPED) * 2 // 3])),
    "/gzip/head-only": ("truncated", gz(ZIPPED[:10])),
    "/gzip/half-a-head": ("truncated", gz(ZIPPED[:5])),
    "/gzip/no-length": ("truncated", gz(ZIPPED[:-4])),
    "/gzip/chunked-cut": (
        "truncated",
        chunked(ZIPPED[:-9]).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n", 1),
    ),
    "/gzip/wrong-length": ("decode_error", gz(ZIPPED[:-4] + b"\x00\x00\x00\x01")),
    "/gzip/garbage-after": ("decode_error", gz(ZIPPED + b"garbage")),
    "/gzip/zeros-after": ("decode_error", gz(ZIPPED + bytes(50))),
    "/gzip/many-members": ("decode_error", gz(MEMBERS)),
    "/gzip/flipped": ("decode_error", gz(ZIPPED[:30] + bytes([ZIPPED[30] ^ 255]) + ZIPPED[31:])),
    "/gzip/not-at-all": ("decode_error", gz(b"nothing of the kind" * 9)),
    "/gzip/named-deflate": ("decode_error", answer(ZIPPED, "Content-Encoding: deflate")),
    "/gzip/unnamed": ("bad_type", answer(ZIPPED)),
    "/gzip/upper-case": ("ok", answer(ZIPPED, "Content-Encoding: GZIP")),
    "/gzip/and-identity": ("ok", answer(ZIPPED, "Content-Encoding: gzip, identity")),
    "/gzip/twice-in-two": ("decode_error", answer(zipped(ZIPPED), "Content-Encoding: gzip", "Content-Encoding: gzip")),
    "/gzip/twice-said": ("decode_error", answer(ZIPPED, "Content-Encoding: gzip, gzip")),
    "/gzip/six-times": ("decode_error", answer(ZIPPED, "Content-Encoding: " + ", ".join(["gzip"] * 6))),
    "/gzip/empty-inside": ("empty", gz(zipped(b""))),
    "/gzip/stored": ("ok", gz(zipped(PAGE, 0))),
    "/gzip/byte-by-byte": (
        "ok",
        in_pieces(
            b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n",
            *(ZIPPED[at : at + 1] for at in range(len(ZIPPED))),
            pause=0.001,
        ),
    ),
    "/bomb/page": ("too_large", gz(BOMB)),
    "/bomb/deflate": ("too_large", answer(zlib.compress(bytes(80_000_000), 9), "Content-Encoding: deflate")),
    "/bomb/in-bomb": ("decode_error", answer(DEEP_BOMB, "Content-Encoding: gzip, gzip")),
    "/bomb/text": ("too_large", gz(BOMB, kind="text/plain")),
    "/bomb/pdf": ("too_large", gz(zipped(b"%PDF-1.4\n" + bytes(80_000_000)), kind="application/pdf")),
    "/bomb/redirect": ("ok", gz(BOMB, "Location: /ok", status="302 Found")),
    "/bomb/404": ("http_error", gz(BOMB, status="404 Not Found")),
    "/bomb/500": ("server_error", gz(BOMB, status="500 Oh")),
    "/bomb/image": ("bad_type", gz(BOMB, kind="image/png")),
    "/deflate/cut": ("truncated", answer(zlib.compress(PAGE)[:-6], "Content-Encoding: deflate")),
    "/deflate/bad-sum": ("decode_error", answer(zlib.compress(PAGE)[:-4] + b"abcd", "Content-Encoding: deflate")),
    "/deflate/garbage-after": ("decode_error", answer(zlib.compress(PAGE) + b"x", "Content-Encoding: deflate")),
    "/coding/br": ("decode_error", answer(b"\x0b\x02\x80abc\x03", "Content-Encoding: br")),
    "/coding/zstd": ("decode_error", answer(b"\x28\xb5\x2f\xfd", "Content-Encoding: zstd")),
    "/coding/compress": ("decode_error", answer(b"\x1f\x9d\x90", "Content-Encoding: compress")),
    "/coding/unknown": ("decode_error", answer(PAGE, "Content-Encoding: cow")),
    "/coding/br-and-gzip": ("decode_error", answer(ZIPPED, "Content-Encoding: br, gzip")),
}
SIZES = {
    "/size/said": ("too_large", answer(PAGE, length=3_000_000)),
    "/size/one-over": ("too_large", answer(b"<p>" + b"x" * 1_999_998)),
    "/size/plain": ("too_large", answer(b"x" * 11_000_000, kind="text/plain")),
    "/size/pdf-said": ("too_large", answer(b"%PDF-1.4", length=90_000_000, kind="application/pdf")),
    "/size/drip": ("timeout", [OK_HEAD + b"\r\n", b"x"]),
    "/size/drip-gzip": (
        "timeout",
        [OK_HEAD + b"Content-Encoding: gzip\r\n\r\n" + ZIPPED[:10], b"\x00\x00\x00\xff\xff"],
    ),
    "/size/stalls-at-once": ("timeout", [OK_HEAD + b"Content-Length: 91\r\n\r\n", b""]),
    "/size/stalls-unchunked": ("timeout", [chunked(PAGE, end=b""), b""]),
}
REDIRECTS = {
    **{f"/to/{status}": ("ok", moved("/ok", f"{status} Moved")) for status in (301, 302, 303, 307, 308)},
    **{f"/to/five-{n}": ("ok", moved(f"/to/five-{n + 1}" if n < 5 else "/ok")) for n in range(1, 6)},
    **{
        f"/to/six-{n}": ("ok" if n > 1 else "redirect_error", moved(f"/to/six-{n + 1}" if n < 6 else "/ok"))
        for n in range(1, 7)
    },
    "/to/there": ("redirect_error", moved("/to/back")),
    "/to/back": ("redirect_error", moved("/to/there")),
    "/to/itself": ("redirect_error", moved("")),
    "/to/fragment": ("redirect_error", moved("#top")),
    "/to/query": ("http_error", moved("?page=2")),
    "/to/relative": ("ok", moved("../ok")),
    "/to/scheme-relative": ("blocked", moved("//10.0.0.1/")),
    "/to/same-place-twice": ("ok", answer(b"", "Location: /ok", "Location: /ok", status="302 Found")),
    "/to/two-places": ("redirect_error", answer(b"", "Location: /ok", "Location: /404", status="302 Found")),
    "/to/none": ("redirect_error", answer(PAGE, status="301 Moved")),
    "/to/utf8": ("ok", b"HTTP/1.1 302 Found\r\nLocation: /caf\xc3\xa9\r\nContent-Length: 0\r\n\r\n"),
    "/to/upper-case": ("blocked", moved("HTTP://10.0.0.1/")),
    "/to/long": ("blocked", moved("/" + "a" * 4000)),
    "/to/blank": ("blocked", moved("/a b")),
    "/to/other-port": ("blocked", moved("http://127.0.0.1:1/")),
    "/to/other-loopback": ("blocked", moved("http://127.0.0.2/")),
    "/to/no-slashes": ("blocked", moved("http:ok")),
    "/to/three-slashes": ("blocked", moved("http:///ok")),
    "/to/three-slashes-alone": ("blocked", moved("///ok")),
    "/to/one-slash": ("blocked", moved("http:/ok")),
    "/to/bracket": ("blocked", moved("http://[::1")),
    "/to/bad-bracket": ("blocked", moved("http://good[::1]/")),
    "/to/nat64": ("blocked", moved("http://[64:ff9b::a9fe:a9fe]/")),
    "/to/6to4": ("blocked", moved("http://[2002:7f00:1::]/")),
    "/to/mapped": ("blocked", moved("http://[::ffff:127.0.0.1]/")),
    "/to/octal": ("blocked", moved("http://0177.0.0.1/")),
    "/to/hex": ("blocked", moved("http://0x7f.1/")),
    "/to/short": ("blocked", moved("http://127.1/")),
    "/to/localhost": ("blocked", moved("http://localhost/")),
    "/to/local": ("blocked", moved("http://printer.local/")),
    "/to/single-label": ("blocked", moved("http://intranet/")),
    "/to/azure": ("blocked", moved("http://168.63.129.16/")),
    "/to/encoded": ("blocked", moved("http://%31%32%37.0.0.1/")),
    "/to/userinfo": ("blocked", moved("http://user:word@example.org/")),
    "/to/ftp": ("blocked", moved("ftp://example.org/")),
    "/to/data": ("blocked", moved("data:text/html,x")),
    "/to/gopher": ("blocked", moved("gopher://127.0.0.1:6379/_INFO")),
    "/to/about": ("blocked", moved("about:blank")),
    "/to/ssh-port": ("blocked", moved("http://example.org:22/")),
    "/to/zero": ("blocked", moved("http://0/")),
    "/to/bidi": ("blocked", b"HTTP/1.1 302 Found\r\nLocation: /\xe2\x80\xaeko\r\nContent-Length: 0\r\n\r\n"),
    "/to/nowhere-known": ("unreachable", moved("http://no-such-name.example/")),
    "/to/unasked-304": ("protocol_error", moved("/304")),
}
STATUSES = {
    **{
        f"/status/{status}": (outcome, answer(PAGE, status=f"{status} X"))
        for outcome, statuses in {
            "ok": "200 201 202 203 207 226",
            "protocol_error": "206 304 600 700 999",
            "http_error": "300 305 306 400 403 404 405 406 408 409 411 412 413 414 415 416 417 418 421 422 423 424 "
            "425 426 428 431 449 498 499",
            "auth_required": "401 402 407 440",
            "gone": "410",
            "legal": "451",
            "rate_limited": "429",
            "server_error": "500 501 502 503 504 505 507 508 510 511 520 522 525 530 599",
        }.items()
        for status in statuses.split()
    },
    "/status/204": ("empty", b"HTTP/1.1 204 No Content\r\n\r\n"),
    "/status/204-with-body": ("empty protocol_error", answer(PAGE, status="204 No Content")),
    "/status/205": ("empty", b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"),
    "/status/204-image": ("empty", answer(b"", status="204 No Content", kind="image/png")),
    "/status/101": ("protocol_error", b"HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nhello"),
    "/status/206-part": ("protocol_error", answer(PAGE, "Content-Range: bytes 0-90/9999", status="206 Part")),
    **{
        f"/wait/{name}": ("rate_limited", answer(b"", f"Retry-After: {value}", status="429 Wait"))
        for name, value in {
            "seconds": "120", "date": "Sat, 19 Sep 2099 12:10:00 GMT", "negative": "-1", "huge": "9" * 40,
            "garbage": "soon", "past": "Sat, 19 Sep 2009 12:10:00 GMT", "decimal": "1.5", "digits": "\u00b2",
        }.items()
    },
}  # fmt: skip
TYPES = {
    **{
        f"/type/{kind.replace('/', '-')}": ("bad_type", answer(b"\x00\x01\x02\x03" * 20, kind=kind))
        for kind in (
            "image/jpeg", "image/svg+xml", "video/mp4", "audio/mpeg", "application/zip", "application/gzip",
            "application/javascript", "text/javascript", "text/css", "font/woff2", "application/x-msdownload",
            "multipart/mixed", "application/octet-stream", "application/vnd.ms-excel", "nonsense", "*/*",
        )
    },
    "/type/upper-case": ("ok", answer(PAGE, kind="TEXT/HTML; Charset=UTF-8")),
    "/type/none": ("ok", answer(PAGE, kind=None)),
    "/type/xhtml": ("ok", answer(PAGE, kind="application/xhtml+xml")),
    "/type/plain": ("ok", answer(b"28 of 48", kind="text/plain")),
    "/type/json": ("ok", answer(b'{"seats": 28}', kind="application/ld+json")),
    "/type/xml": ("ok", answer(b"<?xml version='1.0'?><a>28</a>", kind="application/rss+xml")),
    "/type/octets-html": ("ok", answer(PAGE, kind="application/octet-stream")),
    "/type/octets-pdf": ("ok", answer(pdf(), kind="application/octet-stream")),
    "/type/pdf": ("ok", answer(pdf(), kind="application/pdf")),
    "/type/pdf-gzip": ("ok", gz(zipped(pdf()), kind="application/pdf")),
    "/type/pdf-as-html": ("ok", answer(pdf(), kind="text/html")),
    "/type/html-as-pdf": ("bad_type", answer(PAGE, kind="application/pdf")),
    "/type/png-as-html": ("bad_type", answer(b"\x89PNG\r\n\x1a\n" + bytes(60))),
    "/type/zip-as-text": ("bad_type", answer(b"PK\x03\x04" + bytes(60), kind="text/plain")),
    "/type/exe-as-text": ("bad_type", answer(b"MZ\x90\x00" + bytes(60), kind="text/plain")),
    "/type/two": ("bad_type", answer(b"\x89PNG", "Content-Type: image/png", kind="image/png")),
}  # fmt: skip
QUIET = {
    "/quiet/refresh-header": ("ok", answer(PAGE, "Refresh: 0; url=CANARY")),
    "/quiet/meta-refresh": ("ok", page(PAGE.replace(b"<p>", b"<meta http-equiv=refresh content='0;url=CANARY'><p>"))),
    "/quiet/canonical": ("ok", page(PAGE.replace(b"<p>", b"<link rel=canonical href='CANARY'><p>"))),
    "/quiet/subresources": (
        "ok",
        page(PAGE.replace(b"<p>", b"<img src=CANARY><script src=CANARY></script><iframe src=CANARY></iframe><p>")),
    ),
    "/quiet/base": ("ok", page(PAGE.replace(b"<p>", b"<base href=CANARY><p>"))),
    "/quiet/og-image": ("ok", page(PAGE.replace(b"<p>", b"<meta property='og:image' content='CANARY'><p>"))),
    "/quiet/cookie": ("ok", answer(PAGE, "Set-Cookie: seen=1; Path=/")),
    "/quiet/alt-svc": ("ok", answer(PAGE, 'Alt-Svc: h2="CANARYHOST"; ma=99999')),
    "/quiet/link-header": ("ok", answer(PAGE, "Link: <CANARY>; rel=preload")),
    "/quiet/content-location": ("ok", answer(PAGE, "Content-Location: CANARY")),
    "/quiet/location-on-200": ("ok", answer(PAGE, "Location: CANARY")),
    "/quiet/to-canary": ("blocked", moved("CANARY")),
    "/quiet/to-canary-by-name": ("blocked", moved("http://localhost:1/")),
    "/quiet/dtd": (
        "ok",
        answer(b"<!DOCTYPE html SYSTEM 'CANARY'><html><p>28 of 48 seats", kind="application/xhtml+xml"),
    ),
    "/quiet/entity": (
        "ok",
        answer(b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'CANARY'>]><a>&x;</a>", kind="text/xml"),
    ),
}
WORDS = b"<html><body><p>Fatah lost 28 of 48 seats: caf\xe9"
TEXTS = {
    "/text/utf-7": ("ok", page(b"+ADw-script+AD4- 28 of 48", "utf-7")),
    "/text/utf-16-unmarked": ("ok", page("<p>28 of 48".encode("utf-16-le"), "utf-16")),
    "/text/utf-16-marked": ("ok", page("<p>28 of 48".encode("utf-16"))),
    "/text/unknown": ("ok", page(WORDS, "x-cow")),
    "/text/base64": ("ok", page(WORDS, "base64")),
    "/text/zlib": ("ok", page(WORDS, "zlib_codec")),
    "/text/idna": ("ok", page(WORDS, "idna")),
    "/text/long-charset": ("ok", page(WORDS, "a" * 5000)),
    "/text/latin1": ("ok", page(WORDS, "iso-8859-1")),
    "/text/two-charsets": ("ok", page(b"<meta charset=utf-7>" + WORDS, "utf-8")),
    "/text/invalid-utf-8": ("ok", page(b"<p>28 \xff\xfe\x80 of 48")),
    "/text/surrogates": ("ok", page(b"<p>28 \xed\xa0\x80 of 48", "utf-8")),
    "/text/some-nul": ("ok", page(b"<p>" + b"28 of 48 seats " * 20 + b"\x00")),
    "/text/all-nul": ("bad_type", page(bytes(5000))),
    "/text/bidi": ("ok", page("<p>28 \u202e84 fo\u202c seats".encode())),
    "/text/too-long": ("parse_limit", page(b"<p>" + b"word " * 220_000)),
    "/text/plain-too-long": ("parse_limit", answer(b"word " * 220_000, kind="text/plain")),
    "/deep/249": ("ok", page(b"<b>" * 240 + b"28 of 48")),
    "/deep/260": ("parse_limit", page(b"<div>" * 260 + b"28 of 48")),
    "/deep/many": ("parse_limit", page(b"<div>" * 300_000)),
    "/deep/fonts": ("parse_limit", page(b"<font>" * 300_000)),
    "/deep/tables": ("parse_limit", page(b"<table><tr><td>" * 3_000 + b"28")),
    "/deep/closing": ("ok", page(PAGE + b"</div>" * 200_000)),
    "/deep/comment": ("ok", page(PAGE + b"<!--" * 200_000)),
    "/deep/open-tag": ("ok", page(PAGE + b"<" * 500_000)),
    "/deep/one-attribute": ("ok", page(b"<p>28 of 48</p><p a='" + b"x" * 1_000_000 + b"'>")),
    "/deep/json": ("ok", answer(b"[" * 200_000, kind="application/json")),
    "/deep/entities": ("ok", page(b"<p>28" + b"&amp;" * 200_000)),
    "/deep/laughs": (
        "ok",
        answer(
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'ha'>"
            + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
            + b"]><a>&j;</a>",
            kind="application/xml",
        ),
    ),
}
PDFS = {
    "/pdf/300": ("ok", answer(pdf(300), kind="application/pdf")),
    "/pdf/301": ("parse_limit", answer(pdf(301), kind="application/pdf")),
    "/pdf/junk": ("parse_limit", answer(b"%PDF-1.4 junk", kind="application/pdf")),
    "/pdf/cut": ("parse_limit", answer(pdf(3)[:400], kind="application/pdf")),
    "/pdf/no-text": ("empty", answer(pdf(words=b""), kind="application/pdf")),
    "/pdf/flate-bomb": ("parse_limit", answer(flate_bomb(), kind="application/pdf")),
}
# One tag with so many attributes takes any parser its whole ten seconds.
COSTLY = {
    "/costly/attributes": ("parse_limit", page(b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">28")),
}
PATHS = HEADS | LENGTHS | CODINGS | SIZES | REDIRECTS | STATUSES | TYPES | QUIET | TEXTS | PDFS
