"""Sources: registered once by their canonical address, looked at when due or when a person asks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q

from sources import intervals
from sources.addresses import AddressRefused, canonical_address, registrable_domain
from sources.errors import SourceRefused, SourceStale
from sources.models import Publisher, Source

from .history import sign_history


def clean_address(url: str) -> str:
    """Return the canonical form of an address that may be fetched; or raise SourceRefused."""
    try:
        address = canonical_address(
            url.strip(), allowed_origin=settings.FETCH_ALLOWED_ORIGIN or None, ports=tuple(settings.FETCH_PORTS)
        )
    except AddressRefused as refusal:
        raise SourceRefused(str(refusal), code=refusal.code, field="url") from None
    return address


def publisher_of(url: str) -> Publisher | None:
    """Return the publisher whose domain the address is in, or None."""
    host = url.split("/")[2].split(":")[0]
    return Publisher.objects.filter(host=registrable_domain(host)).exclude(host="").first()


def register_source(
    *, url: str, by: User | None, now: datetime, kind: str = Source.Kind.ARTICLE, **details: Any
) -> tuple[Source, bool]:
    """Return the source at this address and whether it is new; a new one is due at once.

    The address is canonicalised first, so that the same page is not registered twice. Raises SourceRefused
    for an address that may not be fetched; nothing is stored then.
    """
    address = clean_address(url)
    existing = Source.objects.filter(url=address).first()
    if existing:
        return existing, False
    source = Source(
        url=address,
        kind=kind,
        publisher=details.pop("publisher", None) or publisher_of(address),
        registered_by=by,
        registered_at=now,
        next_check_at=now,
        next_check_reason="first look",
        **details,
    )
    sign_history(source, by=by, now=now, change="registered")
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError:  # registered by somebody else between the two lines above
        return Source.objects.get(url=address), False
    return source, True


def make_due(*, source_id: int, now: datetime, reason: str) -> bool:
    """Make a watched source due now, with all its tries, unless somebody looks at it; return whether it is due."""
    free = Source.objects.watched().unless_leased().filter(pk=source_id)
    return bool(
        free.update(
            next_check_at=now,
            next_check_reason=reason[:200],
            lease_expires_at=None,
            handed_out_at=None,
            attempts_without_outcome=0,
        )
    )


def interval_limits() -> intervals.Limits:
    """Return how long this installation's waits may be."""
    return intervals.Limits(
        first=timedelta(seconds=settings.CHECK_INTERVAL_FIRST),
        shortest=timedelta(seconds=settings.CHECK_INTERVAL_MIN),
        longest=timedelta(seconds=settings.CHECK_INTERVAL_MAX),
        relied_on=timedelta(seconds=settings.CHECK_INTERVAL_RELIED_ON),
        stop_after=timedelta(seconds=settings.CHECK_STOP_AFTER),
    )


def rely_on(*, source_ids: Iterable[int], now: datetime) -> None:
    """Note that a published claim rests on these: looking at them never stops, and starts again where it had."""
    resting = Source.objects.filter(pk__in=list(source_ids))
    resting.filter(is_relied_on=False).update(is_relied_on=True)
    latest = now + min(interval_limits().relied_on, interval_limits().longest)
    idle = resting.watched().filter(Q(next_check_at=None) | Q(next_check_at__gt=latest), lease_expires_at=None)
    idle.update(next_check_at=latest, next_check_reason="a published claim rests on it")


def release(*, source_ids: Iterable[int]) -> None:
    """Note that no published claim rests on these any more."""
    Source.objects.filter(pk__in=list(source_ids), is_relied_on=True).update(is_relied_on=False)


def source_id_at(url: str) -> int | None:
    """Return the id of the source registered at this address, however it is written, or None."""
    try:
        address = clean_address(url)
    except SourceRefused:
        return None
    return Source.objects.filter(url=address).values_list("pk", flat=True).first()


@transaction.atomic
def move_source(*, source_id: int, url: str, by: User, now: datetime) -> Source:
    """Follow a document to its new address, where it is due to be looked at now; its snapshots stay its own.

    Raises SourceRefused for an address that may not be fetched, that it has already, or under which another source
    is registered: `facts["source"]` is then that source's id.
    """
    address = clean_address(url)
    source = Source.objects.select_for_update().get(pk=source_id)
    if address == source.url:
        raise SourceRefused("It is at this address already.", code="same_address", field="url")
    other = Source.objects.filter(url=address).first()
    if other is not None:
        raise SourceRefused(
            f"This address is source no. {other.pk} already: {other}. Attach the passage from there to the claims, "
            "or give another address.",
            code="address_taken",
            field="url",
            source=other.pk,
        )
    source.url, source.moved_to, source.version = address, "", source.version + 1
    source.link_state = Source.LinkState.UNKNOWN
    source.link_state_reason = "Moved to a new address by a person; not looked at there yet."
    source.etag, source.last_modified, source.unchanged_in_a_row = "", "", 0
    source.failures_counted, source.failure_counted_at = 0, None
    # A look that is under way asked the old address: its attempt is over, and what it brings is dropped.
    source.attempt, source.lease_expires_at = source.attempt + 1, None
    source.next_check_at, source.next_check_reason = now, "moved to a new address"
    sign_history(source, by=by, now=now, change="moved")
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError:
        raise SourceRefused("Somebody registered this address just now.", code="address_taken", field="url") from None
    return source


@transaction.atomic
def edit_source(*, source_id: int, version: int, by: User, now: datetime, **details: Any) -> Source:
    """Change what a person may know better than the machine; or raise SourceStale or SourceRefused.

    The address stays: another address is another source. A date that a person gives is confirmed by that.
    """
    source = Source.objects.select_for_update().get(pk=source_id)
    if source.version != version:
        raise SourceStale(
            f"Somebody saved this source in the meantime: it is at version {source.version}, you edited {version}.",
            current=source.version,
        )
    origin = details.get("origin")
    if origin is not None and (origin.pk == source.pk or origin.origin_id == source.pk):
        raise SourceRefused("A source does not derive from itself.", field="origin")
    if "published_on" in details and details["published_on"] != source.published_on:
        source.is_date_confirmed = details["published_on"] is not None
    for name, value in details.items():
        setattr(source, name, value)
    source.version += 1
    sign_history(source, by=by, now=now, change="edited")
    source.save()
    return source
