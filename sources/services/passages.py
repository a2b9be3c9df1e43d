"""Passages that come in by hand, many at once: each quote with its document, whose page nobody has read yet."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from sources.models import Snapshot, Source

from .bulk import insert_many, new_ids
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
    new: dict[tuple[str, str], str] = {}
    asked: dict[int, list[tuple[str, str]]] = {}
    for key, passage in wanted.items():
        source_id, digest = sources[passage.url], hashlib.sha256(passage.quote.encode("utf-8")).hexdigest()
        if source_id in newest:
            asked.setdefault(newest[source_id], []).append(key)
        elif (source_id, digest) in alone:
            places[key] = (alone[source_id, digest], 0)
        else:
            new[key] = digest
    # One at a time, as each may hold a million characters.
    for read in Snapshot.objects.readable().filter(pk__in=asked).only("text").iterator(chunk_size=10):
        for key in asked[read.pk]:
            start = read.text.find(wanted[key].quote)
            if start >= 0:
                places[key] = (read.pk, start)
    ids = new_ids(Snapshot, len(new))
    insert_many(
        Snapshot,
        ("id", "source_id", "title", "text", "byte_count", "raw_sha256", "text_sha256"),
        (
            (pk, sources[wanted[key].url], wanted[key].title, wanted[key].quote, len(key[1].encode()), digest, digest)
            for pk, (key, digest) in zip(ids, new.items(), strict=True)
        ),
        fetched_at=now,
        captured_by_id=by.pk,
        content_type="text/plain",
        page_class=Snapshot.PageClass.ARTICLE,
        page_class_reason=QUOTE_ALONE,
    )
    places.update({key: (pk, 0) for pk, key in zip(ids, new, strict=True)})
    return places


def _sources(passages: list[Passage], by: User, now: datetime) -> dict[str, int]:
    """Return the ids of these addresses' sources, registered where there is none."""
    titles = {passage.url: passage.title for passage in passages}
    known = dict(Source.objects.filter(url__in=titles).values_list("url", "pk"))
    missing = [url for url in titles if url not in known]
    publishers = {host: publisher_of(f"https://{host}/") for host in {url.split("/")[2] for url in missing}}
    ids = new_ids(Source, len(missing))
    insert_many(
        Source,
        ("id", "url", "title", "publisher_id"),
        (
            (pk, url, titles[url], publisher.pk if (publisher := publishers[url.split("/")[2]]) else None)
            for pk, url in zip(ids, missing, strict=True)
        ),
        registered_by_id=by.pk,
        registered_at=now,
    )
    record_many(Source, ids, by=by, now=now, change="imported")
    return known | dict(zip(missing, ids, strict=True))


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
