"""Snapshots: what a source said, captured from the web or by hand, kept as text and as bytes."""

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction

from sources.errors import CaptureRefused
from sources.looks import FetchResult
from sources.models import Snapshot, Source
from sources.outcomes import Outcome
from sources.page_class import classify_page
from sources.parsing import ParsedDocument, ParseRefused, parse_document
from sources.text import MAX_TEXT
from sources.warc import write_capture

from .history import sign_history

_REFUSALS = {
    Outcome.BAD_TYPE: "This kind of file cannot be read. Upload HTML, PDF or plain text, or paste the text.",
    Outcome.EMPTY: "There is no text in it. If it is a scan, paste the text instead.",
    Outcome.PARSE_LIMIT: "It is too large or too deeply nested to be read safely. Paste the passage instead.",
    Outcome.DECODE_ERROR: "Its characters cannot be decoded. Save it as UTF-8 and try again.",
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def text_sha256(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass"))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def new_snapshot(
    *,
    source: Source,
    result: FetchResult,
    parsed: ParsedDocument,
    digest: str,
    earlier_length: int | None,
    now: datetime,
) -> Snapshot:
    """Return what a good fetch brought, its bytes kept in storage, its row not saved yet.

    Reads and writes no table, so that a batch can be written at once, and does its slow work in no transaction.
    """
    page = classify_page(
        parsed,
        http_status=result.http_status,
        final_url=result.final_url,
        url=source.url,
        earlier_length=earlier_length,
    )
    snapshot = Snapshot(
        source_id=source.pk,
        fetched_at=now,
        http_status=result.http_status,
        headers=dict(result.headers),
        final_url=result.final_url[:2048],
        content_type=result.content_type[:120],
        page_class=page.value,
        page_class_reason=page.reason[:300],
        title=parsed.title[:500],
        author=parsed.author[:200],
        published_on=_date(parsed.published_on),
        language=parsed.language[:12],
        text=parsed.text,
        page_starts=parsed.pages,
        byte_count=len(result.body),
        raw_sha256=sha256(result.body),
        text_sha256=digest,
    )
    snapshot.capture.save(f"{snapshot.raw_sha256}.warc.gz", ContentFile(write_capture(result)), save=False)
    return snapshot


def fill_in(source: Source, snapshot: Snapshot) -> None:
    """Give the source what it does not have yet: title, author, date and language; a date stays unconfirmed."""
    source.title = source.title or snapshot.title
    source.author = source.author or snapshot.author
    source.published_on = source.published_on or snapshot.published_on
    source.language = source.language or snapshot.language


def read_upload(*, content: bytes, content_type: str = "", name: str = "") -> ParsedDocument:
    """Read an uploaded file in the limited child process; or raise CaptureRefused with what to do instead.

    Called before any transaction: reading takes up to 15 seconds.
    """
    if len(content) > settings.UPLOAD_LIMIT:
        raise CaptureRefused(
            f"At most {settings.UPLOAD_LIMIT // 2**20} MiB; this file is {len(content) / 2**20:.1f} MiB.",
            code="too_large",
            field="file",
        )
    if not content.strip():
        raise CaptureRefused("The file is empty.", code="empty", field="file")
    try:
        parsed = parse_document(content, content_type or _type_of(name), with_metadata=True)
    except ParseRefused as refusal:
        raise CaptureRefused(
            _REFUSALS.get(refusal.outcome, str(refusal.reason)), code=str(refusal.outcome), field="file"
        ) from None
    if not parsed.text.strip():
        raise CaptureRefused(_REFUSALS[Outcome.EMPTY], code="empty", field="file")
    return parsed


def _type_of(name: str) -> str:
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return {"pdf": "application/pdf", "html": "text/html", "htm": "text/html"}.get(ending, "text/plain")


@transaction.atomic
def capture_by_hand(
    *, source: Source, text: str, raw: bytes, by: User, now: datetime, content_type: str, page_starts: list[int]
) -> Snapshot:
    """Keep a document that a person uploaded or pasted, marked as such; or raise CaptureRefused."""
    text = text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if not text.strip():
        raise CaptureRefused("There is no text to keep. Paste the text of the document.", code="empty", field="text")
    snapshot = Snapshot(
        source=source,
        fetched_at=now,
        captured_by=by,
        content_type=content_type[:120],
        page_class=Snapshot.PageClass.ARTICLE,
        page_class_reason="captured by hand",
        title=source.title,
        text=text,
        page_starts=page_starts,
        byte_count=len(raw),
        raw_sha256=sha256(raw),
        text_sha256=text_sha256(text),
    )
    snapshot.capture.save(f"{snapshot.raw_sha256}.bin", ContentFile(raw), save=False)
    snapshot.save()
    return snapshot


def capture_file(*, source: Source, content: bytes, name: str, content_type: str, by: User, now: datetime) -> Snapshot:
    """Keep an uploaded file as what the source says; or raise CaptureRefused. Read before any transaction."""
    parsed = read_upload(content=content, content_type=content_type, name=name)
    return capture_by_hand(
        source=source,
        text=parsed.text,
        raw=content,
        by=by,
        now=now,
        content_type=content_type,
        page_starts=parsed.pages,
    )


def capture_text(*, source: Source, text: str, by: User, now: datetime) -> Snapshot:
    """Keep pasted text as what the source says; or raise CaptureRefused. A browser's line ends become ours."""
    text = _own_line_ends(text)
    return capture_by_hand(
        source=source,
        text=text,
        raw=text.encode("utf-8", "replace"),
        by=by,
        now=now,
        content_type="text/plain",
        page_starts=[],
    )


def add_document_file(
    *, content: bytes, name: str, content_type: str = "", title: str = "", by: User, now: datetime
) -> Snapshot:
    """Register an uploaded document as a source; the same bytes again give the snapshot there is.

    Raises CaptureRefused. Reading takes seconds, so it is done before any transaction.
    """
    known = _uploaded_before(content)
    if known:
        return known
    parsed = read_upload(content=content, content_type=content_type, name=name)
    with transaction.atomic():
        source = _uploaded(
            title.strip() or parsed.title or name, by, now, author=parsed.author, language=parsed.language
        )
        return capture_by_hand(
            source=source,
            text=parsed.text,
            raw=content,
            by=by,
            now=now,
            content_type=content_type,
            page_starts=parsed.pages,
        )


def add_document_text(*, text: str, title: str = "", by: User, now: datetime) -> Snapshot:
    """Register pasted text as a source; the same text again gives the snapshot there is. Raises CaptureRefused."""
    if not text.strip():
        raise CaptureRefused("Paste the text of the document.", code="blank", field="text")
    if len(text) > MAX_TEXT:
        raise CaptureRefused(f"At most {MAX_TEXT:,} characters; this is {len(text):,}.", code="too_long", field="text")
    text = _own_line_ends(text)
    known = _uploaded_before(text.encode("utf-8", "replace"))
    if known:
        return known
    first_line = next(line.strip() for line in text.splitlines() if line.strip())
    with transaction.atomic():
        return capture_text(source=_uploaded(title.strip() or first_line, by, now), text=text, by=by, now=now)


def _own_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _uploaded_before(content: bytes) -> Snapshot | None:
    by_hand = Snapshot.objects.filter(captured_by__isnull=False).select_related("source")
    return by_hand.filter(raw_sha256=sha256(content)).first()


def _uploaded(title: str, by: User, now: datetime, *, author: str = "", language: str = "") -> Source:
    source = Source(
        title=title[:500], author=author[:200], language=language[:12], registered_by=by, registered_at=now
    )
    sign_history(source, by=by, now=now, change="uploaded")
    source.save()
    return source
