"""Keep what a site answered as WARC 1.1 (ISO 28500): one compressed file per capture (pure)."""

import base64
import gzip
import hashlib
import io
import re
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParserException

from sources.decoding import decode_body
from sources.looks import FetchResult

LEVEL = 1
_GZIP = 31  # zlib's window bits for a gzip header and trailer
_BREAK = re.compile(r"[\r\n]")
_SAME_BYTES = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
MAX_BODY = 20 * 1024 * 1024  # bytes, decoded
_HOP_BY_HOP = {"transfer-encoding", "connection", "keep-alive"}
# Fields that bind a capture to a moment of ours, or could hold a secret of a proxy.
_UNKEPT_REQUEST = {"proxy-authorization"}


@dataclass(frozen=True)
class Payload:
    """What a capture's one answer carries: its digest as WARC writes it, and whence and when it came."""

    digest: str
    uri: str
    date: str


class Revisited(ValueError):
    """The capture says that the same bytes came again; they are in the capture it refers to."""


def write_capture(result: FetchResult, *, same_as: Payload | None = None, software: str = "factcheck") -> bytes:
    """A gzip WARC of one answer: warcinfo, response and request, with block and payload digests.

    The body is as received but for its transfer coding: that has been taken off, so its field is too. With
    `same_as`, the payload of an earlier capture, a revisit record stands in place of the same bytes; raises
    ValueError where they are not the same.
    """
    date, uri, identity = _date(result.fetched_at), result.final_url, _identity()
    answered = [(name, value) for name, value in result.raw_headers if name.lower() not in _HOP_BY_HOP]
    head = _http_head(f"HTTP/1.1 {result.http_status} ", answered, "latin-1")  # as it was received
    digest = payload_digest(result.raw_body)
    kind, body, more = "response", result.raw_body, {"WARC-Payload-Digest": digest}
    if same_as:
        if digest != same_as.digest:
            raise ValueError("These are other bytes.")
        kind, body = "revisit", b""
        more |= {
            "WARC-Profile": _SAME_BYTES,
            "WARC-Refers-To-Target-URI": same_as.uri,
            "WARC-Refers-To-Date": same_as.date,
        }
    parts = urlsplit(uri)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = [(name, value) for name, value in result.request_headers if name.lower() not in _UNKEPT_REQUEST]
    named = {"WARC-Target-URI": uri, "WARC-Date": date}
    answer = {"WARC-Record-ID": identity, **named, **more, "Content-Type": "application/http; msgtype=response"}
    question = {"WARC-Record-ID": _identity(), **named, "WARC-Concurrent-To": identity}
    question["Content-Type"] = "application/http; msgtype=request"
    return b"".join(
        (
            _info(software, date),
            _record(kind, answer, head, body),
            _record("request", question, _http_head(f"GET {target} HTTP/1.1", asked, "utf-8")),
        )
    )


def write_resource(
    content: bytes, *, content_type: str, url: str, taken_at: datetime, software: str = "factcheck"
) -> bytes:
    """A gzip WARC of a document that a person gave us: warcinfo and a resource record, with digests.

    Without an address the document is named by its own digest (RFC 6920).
    """
    named = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    fields = {
        "WARC-Record-ID": _identity(),
        "WARC-Target-URI": url or f"ni:///sha-256;{named}",
        "WARC-Date": _date(taken_at),
        "WARC-Payload-Digest": payload_digest(content),
        "Content-Type": content_type or "application/octet-stream",
    }
    return _info(software, _date(taken_at)) + _record("resource", fields, content)


def payload_digest(body: bytes) -> str:
    """The digest of a payload as it stands in a WARC."""
    return _written(hashlib.sha1(body, usedforsecurity=False))


def _info(software: str, date: str) -> bytes:
    fields = {
        "WARC-Record-ID": _identity(),
        "WARC-Filename": "capture.warc.gz",
        "WARC-Date": date,
        "Content-Type": "application/warc-fields",
    }
    return _record("warcinfo", fields, f"software: {software}\r\n".encode())


def _identity() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _http_head(first_line: str, headers: Iterable[tuple[str, str]], encoding: str) -> bytes:
    lines = [first_line, *(f"{name}: {value}" for name, value in headers)]
    head = "".join(f"{_BREAK.sub(' ', line)}\r\n" for line in lines)
    return f"{head}\r\n".encode(encoding, "replace")


def _record(kind: str, fields: Mapping[str, str], *block: bytes) -> bytes:
    """One record as a gzip member of its own, its block in pieces (ISO 28500, section 5).

    Written here and not by warcio, which reads our captures and checks them in the tests: its records cost three
    times as much as their compression.
    """
    digest = hashlib.sha1(usedforsecurity=False)
    for piece in block:
        digest.update(piece)
    lines = [f"{name}: {_BREAK.sub(' ', value)}\r\n" for name, value in fields.items()]
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\n{''.join(lines)}WARC-Block-Digest: {_written(digest)}\r\n"
        f"Content-Length: {sum(map(len, block))}\r\n\r\n"
    )
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
    packed = [packer.compress(piece) for piece in (head.encode(), *block, b"\r\n\r\n")]
    return b"".join([*packed, packer.flush()])


def _written(digest: Any) -> str:
    return f"sha1:{base64.b32encode(digest.digest()).decode()}"


def read_capture(data: bytes) -> bytes:
    """The decoded body of the first document in a capture.

    Raises Revisited where another capture holds it, ValueError where there is none, DecodeRefused where it was
    not whole.
    """
    for record in _records(data):
        if record.rec_type == "revisit":
            raise Revisited(record.rec_headers.get_header("WARC-Refers-To-Target-URI"))
        if record.rec_type == "resource":
            return record.raw_stream.read(MAX_BODY)
        if record.rec_type == "response":
            coding = record.http_headers.get_header("Content-Encoding") or ""
            return decode_body(record.raw_stream.read(), coding, MAX_BODY)
    raise ValueError("This capture holds no document.")


def _records(data: bytes) -> Iterator[ArcWarcRecord]:
    try:
        yield from ArchiveIterator(io.BytesIO(data))
    except (ArchiveLoadFailed, StatusAndHeadersParserException) as error:
        raise ValueError("This is no capture.") from error


def read_payload(data: bytes) -> Payload | None:
    """Which payload a capture's response carries, for a later revisit; None where it carries none."""
    for record in _records(data):
        if record.rec_type == "response":
            names = ("WARC-Payload-Digest", "WARC-Target-URI", "WARC-Date")
            return Payload(*(record.rec_headers.get_header(name) or "" for name in names))
    return None


def whole_members(data: bytes) -> None:
    """Check the sum of every record of a capture, not only of the first response; raise ValueError if one is off."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as records:
            while records.read(64 * 1024):
                pass
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(str(error)) from None
