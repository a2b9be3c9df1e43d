"""Passages that come in by hand, many at once: each quote with its document, whose page nobody has read yet."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from sources.models import Snapshot, Source

from .history import record_many
from .sources import publisher_of

# Says of a capture that it holds the quoted words and nothing else of the document.
QUOTE_ALONE = "Only the quoted words came in, with an import; the document was not read."


@dataclass(frozen=True)
class Passage:
    """A quote and the canonical address of the document it was read in."""

    url: str
    quote: str
    title: str = ""


def keep_passages(
    passages: Iterable[Passage], *, by: User, now: datetime
) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Register the documents, keep each quote as a capture by hand; return snapshot and offset by address and quote.

    Called in the caller's transaction. A new source is not looked at until a person asks or a published claim rests
    on it: an import of a million addresses sends nobody out to read them. Where the desk has read the document
    itself, the quote is looked for in what it said last, and left out of the answer when it is not there.
    """
    wanted = {(one.url, one.quote): one for one in passages}
    sources = _sources(list(wanted.values()), by, now)
    places: dict[tuple[str, str], tuple[int, int]] = {}
    alone, newest = _held(sources.values())
    new: dict[tuple[str, str], Snapshot] = {}
    asked: dict[int, list[tuple[str, str]]] = {}
    for key, passage in wanted.items():
        capture = _capture(sources[passage.url], passage, by, now)
        if capture.source_id in newest:
            asked.setdefault(newest[capture.source_id], []).append(key)
        elif (capture.source_id, capture.text_sha256) in alone:
            places[key] = (alone[capture.source_id, capture.text_sha256], 0)
        else:
            new[key] = capture
    # One at a time, as each may hold a million characters.
    for read in Snapshot.objects.readable().filter(pk__in=asked).only("text").iterator(chunk_size=10):
        for key in asked[read.pk]:
            start = read.text.find(wanted[key].quote)
            if start >= 0:
                places[key] = (read.pk, start)
    for key, snapshot in zip(new, Snapshot.objects.bulk_create(new.values()), strict=True):
        places[key] = (snapshot.pk, 0)
    return places


def _sources(passages: list[Passage], by: User, now: datetime) -> dict[str, int]:
    """Return the ids of these addresses' sources, registered where there is none."""
    titles = {passage.url: passage.title for passage in passages}
    known = dict(Source.objects.filter(url__in=titles).values_list("url", "pk"))
    missing = [url for url in titles if url not in known]
    publishers = {host: publisher_of(f"https://{host}/") for host in {url.split("/")[2] for url in missing}}
    made = Source.objects.bulk_create(
        Source(
            url=url,
            title=titles[url],
            publisher=publishers[url.split("/")[2]],
            registered_by=by,
            registered_at=now,
        )
        for url in missing
    )
    record_many(Source, [source.pk for source in made], by=by, now=now, change="imported")
    return known | {source.url: source.pk for source in made}


def _held(source_ids: Iterable[int]) -> tuple[dict[tuple[int, str], int], dict[int, int]]:
    """Return the captures that hold a quote alone, and of each source that was read its newest snapshot."""
    alone: dict[tuple[int, str], int] = {}
    newest: dict[int, int] = {}
    held = Snapshot.objects.filter(source__in=list(source_ids)).order_by("fetched_at", "pk")
    for pk, source_id, digest, reason in held.values_list("pk", "source_id", "text_sha256", "page_class_reason"):
        if reason == QUOTE_ALONE:
            alone[source_id, digest] = pk
        else:
            newest[source_id] = pk
    return alone, newest


def _capture(source_id: int, passage: Passage, by: User, now: datetime) -> Snapshot:
    content = passage.quote.encode("utf-8")
    digest = hashlib.sha256(content).hexdigest()
    return Snapshot(
        source_id=source_id,
        fetched_at=now,
        captured_by=by,
        content_type="text/plain",
        page_class=Snapshot.PageClass.ARTICLE,
        page_class_reason=QUOTE_ALONE,
        title=passage.title,
        text=passage.quote,
        byte_count=len(content),
        raw_sha256=digest,
        text_sha256=digest,
    )
