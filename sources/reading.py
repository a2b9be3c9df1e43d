"""Reading one answer within its limits: the head first, and a body only where there is a page for us."""

import re
from typing import Any

from sources.connecting import MeteredResponse
from sources.decoding import BoundedDecoder, DecodeRefused
from sources.holding import Holding
from sources.looks import Limits
from sources.outcomes import Outcome
from sources.progress import Ended, Progress
from sources.robots import MAX_BYTES

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READABLE = re.compile(
    r"(text/(?!css|javascript).*|application/([\w.-]+\+)?(xml|json)|application/(pdf|x-pdf|octet-stream|link-format))?\Z"
)
_PDF_TYPES = ("application/pdf", "application/x-pdf")
_MAYBE_PDF = (*_PDF_TYPES, "application/octet-stream", "")


def note_head(look: Progress, response: Any, limits: Limits) -> None:
    """Keep status and headers; raises Ended when the headers are more than we keep."""
    look.status = response.status
    raw = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
    if len(raw) > limits.headers or sum(len(name) + len(value) for name, value in raw) > limits.header_bytes:
        raise Ended(Outcome.PROTOCOL_ERROR)
    look.raw_headers = tuple(raw)
    look.headers = {}
    for name, value in response.headers.items():
        known = look.headers.get(name.lower())
        look.headers[name.lower()] = value if known is None else f"{known}, {value}"


def redirect_target(response: Any) -> str:
    """Where a redirect leads, as it stands; raises Ended where it names no place or several."""
    targets = set(response.headers.getall("Location", []))
    if len(targets) != 1:
        raise Ended(Outcome.REDIRECT_ERROR)
    return str(targets.pop())


def has_page(look: Progress) -> bool:
    """Whether an answer below 300 that is no redirect brings a page; False for an expected 304. Raises Ended."""
    if look.status == 304 and (look.request.etag or look.request.last_modified):
        return False
    if look.status in (206, 304) or look.status < 200:
        raise Ended(Outcome.PROTOCOL_ERROR)
    # We offer none but the chunked one, which has been taken off by now.
    if look.headers.get("transfer-encoding", "chunked").strip().lower() not in ("chunked", "identity"):
        raise Ended(Outcome.PROTOCOL_ERROR)
    if look.status in (204, 205):
        raise Ended(Outcome.EMPTY)
    if not _READABLE.match(_kind(look)):
        raise Ended(Outcome.BAD_TYPE)
    return True


async def read_body(look: Progress, response: MeteredResponse, limits: Limits, holding: Holding) -> None:
    """Read a page to its verified end; raises Ended or DecodeRefused. What is in hand counts in `holding`."""
    decoder = BoundedDecoder(look.headers.get("content-encoding", ""), limits.decoded)
    wire_limit = limits.wire
    if _kind(look) in _PDF_TYPES:
        wire_limit = decoder.limit = limits.pdf
    if (response.content_length or 0) > (limits.pdf if _kind(look) in _MAYBE_PDF else wire_limit):
        raise Ended(Outcome.TOO_LARGE)
    pieces = []
    async for piece in response.content.iter_any():
        before = decoder.size
        if not look.wire and decoder.begins(piece, b"%PDF-"):
            wire_limit = decoder.limit = limits.pdf
        if (response.content_length or 0) > wire_limit:
            raise Ended(Outcome.TOO_LARGE)
        look.wire += len(piece)
        if look.wire > wire_limit:
            raise Ended(Outcome.TOO_LARGE)
        decoder.feed(piece)
        pieces.append(piece)
        if not holding.take(id(look), len(piece) + decoder.size - before):
            async with look.paused(limits.total):
                await holding.turn(id(look))
    if response.has_more_than_said:
        raise Ended(Outcome.PROTOCOL_ERROR)
    if not look.wire:
        raise Ended(Outcome.TRUNCATED if decoder.coding else Outcome.EMPTY)
    look.body = decoder.finish()
    look.raw_body = b"".join(pieces) if decoder.coding else look.body
    if not look.body:
        look.raw_body = b""
        raise Ended(Outcome.EMPTY)


async def read_rules(look: Progress, response: MeteredResponse) -> None:
    """Read a robots.txt, of which the first 500 KiB count (RFC 9309, section 2.5); raises DecodeRefused."""
    decoder, wire = BoundedDecoder(look.headers.get("content-encoding", ""), 2 * MAX_BYTES), 0
    async for piece in response.content.iter_any():
        wire += len(piece)
        try:
            decoder.feed(piece)
        except DecodeRefused as refusal:
            if refusal.outcome is not Outcome.TOO_LARGE:
                raise
        if max(wire, decoder.size) > MAX_BYTES:
            look.body = decoder.so_far()
            return
    look.body = decoder.finish() if wire else b""


def _kind(look: Progress) -> str:
    return look.headers.get("content-type", "").partition(";")[0].strip().lower()
