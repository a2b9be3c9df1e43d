"""Documents named on a command line: files and addresses, read as their text."""

from django.core.management.base import CommandError

from claims.management.lines import decoded, read_bytes
from sources.outcomes import Outcome
from sources.page_class import PageClass, classify_page
from sources.parsing import ParseRefused, parse_document
from sources.services.checks import policy
from sources.services.sources import clean_address
from sources.web import FetchRequest, fetch_all

_PAGES = {".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".pdf": "application/pdf"}
_PAGE_STARTS = ((b"%PDF-", "application/pdf"), (b"<!doctype html", "text/html"), (b"<html", "text/html"))


def is_address(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


def page_type(name: str, content: bytes) -> str:
    """Return the media type of a file that is not plain text, or "" for one that is."""
    for ending, kind in _PAGES.items():
        if name.lower().endswith(ending):
            return kind
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((kind for mark, kind in _PAGE_STARTS if start[: len(mark)].lower() == mark.lower()), "")


def text_of(article: str) -> str:
    """Return the text that offsets count in: a text file's own characters, else the text read out of the page."""
    return read_document(article)[0]


def read_document(article: str) -> tuple[str, PageClass | None]:
    """Return the text that offsets count in, and what kind of page it is; None for a file of plain text.

    Raises CommandError for what cannot be had or read at all.
    """
    if is_address(article):
        return _fetched(article)
    content = read_bytes(article)
    kind = page_type(article, content)
    return _parsed(content, kind) if kind else (decoded(content, article), None)


def _fetched(url: str) -> tuple[str, PageClass]:
    result = fetch_all([FetchRequest(url=clean_address(url))], policy())[0]
    if result.outcome != Outcome.OK:
        raise CommandError(f"{result.outcome}: {result.reason or 'it could not be fetched'}.")
    return _parsed(result.body, result.headers.get("content-type", ""), result.final_url, asked=url)


def _parsed(content: bytes, kind: str, url: str = "", *, asked: str = "") -> tuple[str, PageClass]:
    try:
        parsed = parse_document(content, kind, url)
        return parsed.text, classify_page(parsed, http_status=200, final_url=url, url=asked or url)
    except ParseRefused as refusal:
        raise CommandError(f"It cannot be read as a document: {refusal.reason or refusal.outcome}.") from None
