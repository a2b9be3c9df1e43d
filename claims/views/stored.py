"""Pages for readers who are not signed in, kept as bytes by this process while what they say stands.

A claim's page is kept at the version of its public document, so that a hold, a correction or a withdrawal shows with
the next reading. What moves without that version (a look at a source, an archived copy, the scale) shows within
PAGE_KEPT seconds.
"""

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from claims.models import PublicDocument

KEPT_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Page:
    version: int
    kept_until: float
    body: bytes
    etag: str
    links: str = ""


class Pages:
    """The pages this process keeps, the least read dropped first. Threads may share it."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._limit, self._size, self._lock = limit, 0, Lock()

    def find(self, key: str, version: int) -> Page | None:
        page = self.peek(key)
        return page if page is not None and page.version == version else None

    def peek(self, key: str) -> Page | None:
        """Return the page that is kept, whatever its document says by now."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.kept_until < time.monotonic():
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: str, version: int, body: bytes, *, seconds: float, links: str = "") -> Page:
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        page = Page(version, time.monotonic() + seconds, body, etag, links)
        with self._lock:
            old = self._pages.pop(key, None)
            self._size += len(body) - (len(old.body) if old else 0)
            self._pages[key] = page
            while self._size > self._limit:
                _, dropped = self._pages.popitem(last=False)
                self._size -= len(dropped.body)
        return page


pages = Pages()


def is_anybodys(request: HttpRequest) -> bool:
    """Whether the answer is the same for everybody: a plain reading, by nobody who could be signed in."""
    return (
        settings.PAGE_KEPT > 0
        and request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def kept_page_answer(request: HttpRequest, code: str) -> HttpResponse | None:
    """Answer with the kept page of a claim that stands as it did; None where it has to be made. One short query."""
    kept = pages.peek(code)
    if kept is None:
        return None
    told = PublicDocument.objects.version_told(code.replace("-", ""))
    if told is None or told != (kept.version, 200):
        return None
    return kept_answer(request, kept)


def kept_headers(page: Page, *, cache: str) -> dict[str, str]:
    return {"ETag": page.etag, "Cache-Control": cache}


def is_held_page(request: HttpRequest, page: Page) -> bool:
    """Whether the reader's If-None-Match names this page; compared weakly, as a proxy may have packed it."""
    return page.etag in {tag.removeprefix("W/") for tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))}


def kept_answer(request: HttpRequest, page: Page) -> HttpResponse:
    """Answer with a kept page, or 304 to whoever holds it already."""
    headers = {**kept_headers(page, cache="public, no-cache"), "Vary": "Cookie"}
    if page.links:
        headers["Link"] = page.links
    if is_held_page(request, page):
        response = HttpResponse(status=304, headers=headers)
        del response["Content-Type"]
        return response
    return HttpResponse(page.body, headers=headers)
