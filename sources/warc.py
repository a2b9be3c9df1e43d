"""Keep what a site answered as WARC 1.1 (ISO 28500): one compressed file per capture (pure)."""

import gzip
import io
import zlib
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sources.decoding import decode_body
from sources.looks import FetchResult

LEVEL = 1
MAX_BODY = 20 * 1024 * 1024  # bytes, decoded
_HOP_BY_HOP = {"transfer-encoding", "connection", "keep-alive"}
# Fields that bind a capture to a moment of ours, or could hold a secret of a proxy.
_UNKEPT_REQUEST = {"proxy-authorization"}


def write_capture(result: FetchResult, *, software: str = "factcheck") -> bytes:
    """A gzip WARC of one answer: warcinfo, response and request, with block and payload digests.

    The body is as received but for its transfer coding: that has been taken off, so its field is too.
    """
    writer = WARCWriter(None, gzip=False, warc_version="1.1")
    date = result.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    info = writer.create_warcinfo_record("capture.warc.gz", {"software": software})
    answered = [(name, value) for name, value in result.raw_headers if name.lower() not in _HOP_BY_HOP]
    response = writer.create_warc_record(
        result.final_url,
        "response",
        payload=io.BytesIO(result.raw_body),
        length=len(result.raw_body),
        http_headers=StatusAndHeaders(str(result.http_status), answered, protocol="HTTP/1.1"),
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
    return b"".join(_compressed(writer, record) for record in (info, response, request))


def _compressed(writer: WARCWriter, record: ArcWarcRecord) -> bytes:
    """One record as a gzip member of its own; the library's own level 9 costs several times the check."""
    writer.out = io.BytesIO()
    writer.write_record(record)
    return gzip.compress(writer.out.getvalue(), LEVEL, mtime=0)


def read_capture(data: bytes) -> bytes:
    """The decoded body of the first response in a capture.

    Raises ValueError where there is none, DecodeRefused where the body was not whole.
    """
    for record in ArchiveIterator(io.BytesIO(data)):
        if record.rec_type == "response":
            coding = record.http_headers.get_header("Content-Encoding") or ""
            return decode_body(record.raw_stream.read(), coding, MAX_BODY)
    raise ValueError("This capture holds no response.")


def whole_members(data: bytes) -> None:
    """Check the sum of every record of a capture, not only of the first response; raise ValueError if one is off."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as records:
            while records.read(64 * 1024):
                pass
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(str(error)) from None
