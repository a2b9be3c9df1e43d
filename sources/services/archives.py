"""Archives: where else a source can still be read, as a web archive lists it (RFC 7089)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from sources.addresses import AddressRefused, canonical_address
from sources.archives import Memento, TimeMapRefused, nearest, parse_timemap, timemap_address
from sources.errors import SourceRefused
from sources.models import ArchivedCopy, ArchiveLookup, Source
from sources.outcomes import REASONS, Outcome
from sources.web import FetchRequest, FetchResult, fetch_all

from .checks import Clock, policy

# What an archive means when it answers so: it has nothing, or not for us.
_NOTHING = (Outcome.GONE, Outcome.EMPTY)

OVERDUE = timedelta(seconds=60)  # a question without an answer for so long has lost its message
AT_ONCE = 20


def can_ask() -> bool:
    """Whether an archive is named in the settings; off by default, since asking tells it what we look at."""
    return "{url}" in settings.MEMENTO_TIMEMAP


@transaction.atomic
def ask_for_copies(*, source_id: int, by: User, now: datetime) -> ArchiveLookup:
    """Note that somebody wants to know of archived copies; or raise SourceRefused. `find_copies` asks the archive."""
    source = Source.objects.select_for_update().get(pk=source_id)
    if not can_ask():
        raise SourceRefused("No archive is named in the settings (MEMENTO_TIMEMAP).", code="no_archive")
    if not source.url:
        raise SourceRefused("It was uploaded by hand and has no address to look up.", code="no_address")
    asked, _ = ArchiveLookup.objects.update_or_create(
        source=source, defaults={"asked_by": by, "asked_at": now, "answered_at": None, "answer": ""}
    )
    return asked


def waiting(*, now: datetime) -> list[int]:
    """Return the sources whose question to the archive has waited too long for its message, a few at a time."""
    unanswered = ArchiveLookup.objects.filter(answered_at=None, asked_at__lt=now - OVERDUE).order_by("asked_at")
    return list(unanswered.values_list("source_id", flat=True)[:AT_ONCE]) if can_ask() else []


def find_copies(*, source_id: int, clock: Clock) -> list[ArchivedCopy]:
    """Ask the archive of the settings for copies, and keep the one nearest to our capture and the newest.

    Run twice, it lists nothing twice. Without a question that waits for an answer nothing is asked.
    """
    asked = ArchiveLookup.objects.select_related("source").filter(source_id=source_id, answered_at=None).first()
    if asked is None or not can_ask():
        return []
    source = asked.source
    [result] = fetch_all([FetchRequest(url=timemap_address(settings.MEMENTO_TIMEMAP, source.url))], policy())
    mementos, answer = _read(result)
    kept = [(memento, address) for memento in mementos if (address := _address(memento.url))]
    with transaction.atomic():
        asked = ArchiveLookup.objects.select_for_update().get(pk=asked.pk)
        if asked.answered_at is not None:
            return []
        asked.answered_at, asked.answer = clock(), answer
        asked.save()
        return [_keep(source, memento, address, asked.answered_at) for memento, address in _chosen(source, kept)]


def _read(result: FetchResult) -> tuple[list[Memento], str]:
    if result.outcome in _NOTHING or result.http_status == 404:
        return [], "The archive has no copy."
    if result.outcome != Outcome.OK:
        return [], f"The archive did not answer: {result.reason or REASONS[result.outcome]}"[:300]
    try:
        mementos = parse_timemap(result.body.decode("utf-8", "replace"))
    except TimeMapRefused as refusal:
        return [], str(refusal)
    if not mementos:
        return [], "The archive has no copy."
    return mementos, f"The archive lists {len(mementos)} {'copy' if len(mementos) == 1 else 'copies'}."


def _address(url: str) -> str:
    """The address of a copy in canonical form, or nothing where it is none that may be opened."""
    try:
        return canonical_address(url, allowed_origin=settings.FETCH_ALLOWED_ORIGIN or None)
    except AddressRefused:
        return ""


def _chosen(source: Source, kept: list[tuple[Memento, str]]) -> list[tuple[Memento, str]]:
    """The newest copy and the one nearest to our own newest capture of the document."""
    if not kept:
        return []
    addresses = dict(kept)
    mementos = list(addresses)
    chosen = [mementos[-1]]
    captured_at = source.snapshots.readable().values_list("fetched_at", flat=True).first()
    near = nearest(mementos, captured_at) if captured_at else None
    if near is not None and near not in chosen:
        chosen.append(near)
    return [(memento, addresses[memento]) for memento in chosen]


def _keep(source: Source, memento: Memento, address: str, now: datetime) -> ArchivedCopy:
    copy, _ = ArchivedCopy.objects.get_or_create(
        source=source, url=address, defaults={"archived_at": memento.archived_at, "found_at": now}
    )
    return copy
