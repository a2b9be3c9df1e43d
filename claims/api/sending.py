"""How a public answer is sent: its bytes, packed for who takes them so, its strong ETag, and open to every origin.

An ETag names one representation: packed, it ends in `-gzip`. A reader that sends back either of them, or what a
proxy made of one (`W/`, `-br`), is told 304 while the document stands.
"""

import gzip
import re
import threading
from collections import OrderedDict
from functools import lru_cache
from zlib import crc32

from django.http import HttpRequest, HttpResponse

from sources.api.endpoint import VARY

CACHE = "public, no-cache"
# Read by scripts of any page; never with the reader's own cookies or key.
EXPOSED = "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy"
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_TAG_END = re.compile("-(?:gzip|br)$")
_TAKES_GZIP = re.compile(r"(?:^|[\s,])(?:gzip|\*)(?:\s*;\s*q=([0-9.]+))?", re.IGNORECASE)
PACKED_FROM = 1000  # bytes; below it packing saves no packet


def sent(
    body: str | bytes,
    *,
    request: HttpRequest | None = None,
    etag: str = "",
    cache: str = CACHE,
    status: int = 200,
    kind: str = "",
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Answer these bytes; packed where the request says that it takes them so."""
    content = body.encode() if isinstance(body, str) else body
    more = {"Vary": VARY, "Cache-Control": cache, **(headers or {})}
    if cache.startswith("public"):
        more |= OPEN
    if request is not None and len(content) >= PACKED_FROM and takes_gzip(request):
        content = packed.get(etag, content)
        more["Content-Encoding"] = "gzip"
        etag = f'{etag[:-1]}-gzip"' if etag else ""
    if etag:
        more["ETag"] = etag
    more["Content-Length"] = str(len(content))
    return HttpResponse(
        content,
        status=status,
        content_type=kind or ("application/json" if status < 400 else "application/problem+json"),
        headers=more,
    )


def unchanged(etag: str, cache: str = CACHE) -> HttpResponse:
    """Answer 304, with the few headers it needs and no others: it is the answer most readers get."""
    response = HttpResponse(status=304)
    del response["Content-Type"]
    response["ETag"], response["Vary"], response["Cache-Control"] = etag, VARY, cache
    if cache.startswith("public"):
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def held_etag(request: HttpRequest, etag: str) -> str | None:
    """Return the ETag to answer 304 with if the caller's If-None-Match names this one, or None.

    Compared weakly, and as a packed answer's too: what it holds is the same document.
    """
    wanted = request.META.get("HTTP_IF_NONE_MATCH", "")
    if not wanted:
        return None
    if wanted.strip() == "*":
        return etag
    tag = etag[1:-1]
    for given in _TAG.findall(wanted):
        if given == tag or _TAG_END.sub("", given) == tag:
            return f'"{tag}-gzip"' if given.endswith("-gzip") else etag
    return None


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the caller takes a gzip body."""
    return _takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    found = _TAKES_GZIP.search(accepted)
    return found is not None and found[1] not in ("0", "0.", "0.0", "0.00", "0.000")


def mark_of(query: str) -> str:
    """Return what tells the ETags of different questions to one list apart."""
    return f"{crc32(query.encode()):08x}" if query else ""


class _Packed:
    """Packed bodies, so that one that many ask for is packed once; the longest unasked goes first."""

    LIMIT = 16 * 2**20  # bytes of one process

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._size = 0

    def get(self, etag: str, content: bytes) -> bytes:
        """Return the content packed; what has no ETag is packed each time."""
        key = (etag, len(content), crc32(content) if etag else 0)
        if etag:
            with self._lock:
                if found := self._held.get(key):
                    self._held.move_to_end(key)
                    return found
        made = gzip.compress(content, 5, mtime=0)
        if etag and len(made) <= self.LIMIT // 8:
            with self._lock:
                self._size += len(made) - len(self._held.pop(key, b""))
                self._held[key] = made
                while self._size > self.LIMIT:
                    self._size -= len(self._held.popitem(last=False)[1])
        return made


packed = _Packed()


def preflight(methods: str) -> HttpResponse:
    """Answer what a browser asks before it lets a page of another origin read here."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    allowed = {
        "Allow": methods,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
        "Cache-Control": "public, max-age=86400",
    }
    for name, value in allowed.items():
        response[name] = value
    return response
