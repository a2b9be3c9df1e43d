"""Keep what a site answered as WARC 1.1 (ISO 28500): one compressed file per capture (pure)."""

import base64
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from sources.decoding import decode_body
from sources.looks import FetchResult

LEVEL = 1
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
    writer = _writer()
    date = _date(result.fetched_at)
    answered = [(name, value) for name, value in result.raw_headers if name.lower() not in _HOP_BY_HOP]
    headers = StatusAndHeaders(str(result.http_status), answered, protocol="HTTP/1.1")
    if same_as:
        if payload_digest(result.raw_body) != same_as.digest:
            raise ValueError("These are other bytes.")
        response = writer.create_revisit_record(
            result.final_url,
            digest=same_as.digest,
            refers_to_uri=same_as.uri,
            refers_to_date=same_as.date,
            http_headers=headers,
            warc_headers_dict={"WARC-Date": date},
        )
    else:
        response = writer.create_warc_record(
            result.final_url,
            "response",
            payload=io.BytesIO(result.raw_body),
            length=len(result.raw_body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": date},
        )
    parts = urlsplit(result.final_url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = [(name, value) for name, value in result.request_headers if name.lower() not in _UNKEPT_REQUEST]
    request = writer.create_warc_record(
        result.final_url,
        "request",
        http_headers=StatusAndHeaders(f"{target} HTTP/1.1", asked, protocol="GET", is_http_request=True),
        warc_headers_dict={
            "WARC-Date": date,
            "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )
    return b"".join(_compressed(writer, record) for record in (_info(writer, software), response, request))


def write_resource(
    content: bytes, *, content_type: str, url: str, taken_at: datetime, software: str = "factcheck"
) -> bytes:
    """A gzip WARC of a document that a person gave us: warcinfo and a resource record, with digests.

    Without an address the document is named by its own digest (RFC 6920).
    """
    writer = _writer()
    named = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    record = writer.create_warc_record(
        url or f"ni:///sha-256;{named}",
        "resource",
        payload=io.BytesIO(content),
        length=len(content),
        warc_content_type=content_type or "application/octet-stream",
        warc_headers_dict={"WARC-Date": _date(taken_at)},
    )
    return b"".join(_compressed(writer, part) for part in (_info(writer, software), record))


def payload_digest(body: bytes) -> str:
    """The digest of a payload as it stands in a WARC."""
    return f"sha1:{base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()}"


def _writer() -> WARCWriter:
    return WARCWriter(None, gzip=False, warc_version="1.1")


def _info(writer: WARCWriter, software: str) -> ArcWarcRecord:
    return writer.create_warcinfo_record("capture.warc.gz", {"software": software})


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _compressed(writer: WARCWriter, record: ArcWarcRecord) -> bytes:
    """One record as a gzip member of its own; the library's own level 9 costs several times the check."""
    writer.out = io.BytesIO()
    writer.write_record(record)
    return gzip.compress(writer.out.getvalue(), LEVEL, mtime=0)


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
