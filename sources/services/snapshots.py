"""Snapshots: what a source said, captured from the web or by hand, kept as text and as bytes."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction

from sources.errors import CaptureRefused
from sources.folding import MOST_MARKS, has_endless_marks
from sources.looks import FetchResult
from sources.models import Snapshot, Source
from sources.outcomes import Outcome
from sources.page_class import classify_page
from sources.parsing import ParsedDocument, ParseRefused, parse_document
from sources.text import MAX_TEXT, clean_text
from sources.warc import Payload, payload_digest, read_payload, write_capture, write_resource

from .history import sign_history

_REFUSALS = {
    Outcome.BAD_TYPE: "This kind of file cannot be read. Upload HTML, PDF or plain text, or paste the text.",
    Outcome.EMPTY: "There is no text in it. If it is a scan, paste the text instead.",
    Outcome.PARSE_LIMIT: "It is damaged, too large or too deeply nested to be read safely. Paste the passage instead.",
}

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


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
    """Return what a good fetch brought, not saved yet and its bytes not kept: `keep_captures` does that.

    Reads and writes no table, so that a batch can be written at once, and threads without a connection may call it.
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
        main_text=parsed.main_text,
        page_starts=parsed.pages,
        byte_count=len(result.body),
        raw_sha256=sha256(result.body),
        text_sha256=digest,
    )
    return snapshot


def keep_captures(brought: Iterable[tuple[Snapshot, FetchResult]]) -> None:
    """Put the bytes of new snapshots into storage, in no transaction; those kept before are only referred to."""
    waiting = [(snapshot, result) for snapshot, result in brought if not snapshot.capture]
    if not waiting:
        return
    known = Snapshot.objects.of_bytes({snapshot.raw_sha256 for snapshot, _ in waiting})
    earlier: dict[str, Snapshot] = {}
    for snapshot in known.only("capture", "raw_sha256", "captured_by", "revisit_of").order_by("pk"):
        if not snapshot.is_by_hand and snapshot.revisit_of_id is None and snapshot.capture.name.endswith(".warc.gz"):
            earlier.setdefault(snapshot.raw_sha256, snapshot)
    for snapshot, result in waiting:
        snapshot.revisit_of, payload = _same_bytes(earlier.get(snapshot.raw_sha256), result)
        capture = write_capture(result, same_as=payload)
        snapshot.capture.save(f"{snapshot.raw_sha256}.warc.gz", ContentFile(capture), save=False)


def _same_bytes(earlier: Snapshot | None, result: FetchResult) -> tuple[Snapshot | None, Payload | None]:
    """The earlier snapshot and its payload, where that carried the same bytes on the wire; or two times None."""
    if earlier is None:
        return None, None
    try:
        payload = read_payload(_kept(earlier))
    except (OSError, ValueError):  # that file is gone or broken: what is here now is kept whole
        return None, None
    if payload is None or payload.digest != payload_digest(result.raw_body):
        return None, None  # the same document in another coding
    return earlier, payload


def _kept(snapshot: Snapshot) -> bytes:
    with snapshot.capture.storage.open(snapshot.capture.name or "") as file:
        return file.read()


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
        parsed = parse_document(content, _media_type(content_type) or _type_of(name), with_metadata=True)
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
    *, source: Source, parsed: ParsedDocument, raw: bytes, by: User, now: datetime, content_type: str
) -> Snapshot:
    """Keep a document that a person uploaded or pasted, marked as such; or raise CaptureRefused.

    The bytes that the newest snapshot holds add nothing and give that one back; those of another capture by
    hand are not kept twice.
    """
    text = clean_text(parsed.text)
    if not text.strip():
        raise CaptureRefused("There is no text to keep. Paste the text of the document.", code="empty", field="text")
    if has_endless_marks(text):
        reason = f"A letter of it carries more than {MOST_MARKS:,} marks; paste the text without them."
        raise CaptureRefused(reason, code="parse_limit", field="text")
    newest = source.snapshots.first()
    digest = sha256(raw)
    if newest is not None and newest.is_by_hand and newest.raw_sha256 == digest:
        return newest
    snapshot = Snapshot(
        source=source,
        fetched_at=now,
        captured_by=by,
        content_type=_media_type(content_type),
        page_class=Snapshot.PageClass.ARTICLE,
        page_class_reason="captured by hand",
        title=parsed.title or source.title,
        author=parsed.author[:200],
        published_on=_date(parsed.published_on),
        language=parsed.language[:12],
        text=text,
        main_text=parsed.main_text,
        page_starts=parsed.pages,
        byte_count=len(raw),
        raw_sha256=digest,
        text_sha256=text_sha256(text),
    )
    earlier = Snapshot.objects.filter(raw_sha256=digest, captured_by__isnull=False, revisit_of=None).first()
    if earlier is not None:
        snapshot.revisit_of, snapshot.capture = earlier, earlier.capture.name
    else:
        capture = write_resource(raw, content_type=snapshot.content_type, url=source.url, taken_at=now)
        snapshot.capture.save(f"{digest}.warc.gz", ContentFile(capture), save=False)
    snapshot.save()
    return snapshot


def _media_type(content_type: str) -> str:
    """A media type without parameters as a browser sent it; nothing where it is none."""
    found = _MEDIA_TYPE.match(content_type.strip().lower())
    return found.group()[:120] if found else ""


def capture_file(*, source: Source, content: bytes, name: str, content_type: str, by: User, now: datetime) -> Snapshot:
    """Keep an uploaded file as what the source says; or raise CaptureRefused. Read before any transaction."""
    parsed = read_upload(content=content, content_type=content_type, name=name)
    return capture_by_hand(source=source, parsed=parsed, raw=content, by=by, now=now, content_type=content_type)


def capture_text(*, source: Source, text: str, by: User, now: datetime) -> Snapshot:
    """Keep pasted text as what the source says; or raise CaptureRefused. A browser's line ends become ours."""
    text = _own_line_ends(text)
    if len(text) > MAX_TEXT:
        raise CaptureRefused(f"At most {MAX_TEXT:,} characters; this is {len(text):,}.", code="too_long", field="text")
    raw = text.encode("utf-8", "replace")
    parsed = ParsedDocument(text=text, kind="text")
    return capture_by_hand(source=source, parsed=parsed, raw=raw, by=by, now=now, content_type="text/plain")


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
        return capture_by_hand(source=source, parsed=parsed, raw=content, by=by, now=now, content_type=content_type)


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
    return by_hand.filter(raw_sha256=sha256(content)).order_by("pk").first()


def _uploaded(title: str, by: User, now: datetime, *, author: str = "", language: str = "") -> Source:
    source = Source(
        title=title[:500], author=author[:200], language=language[:12], registered_by=by, registered_at=now
    )
    sign_history(source, by=by, now=now, change="uploaded")
    source.save()
    return source
