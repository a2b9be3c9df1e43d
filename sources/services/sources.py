"""Sources: registered once by their canonical address, looked at when due or when a person asks."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from sources.addresses import AddressRefused, canonical_address, registrable_domain
from sources.errors import SourceRefused, SourceStale
from sources.models import Publisher, Source

from .history import sign_history


def clean_address(url: str) -> str:
    """Return the canonical form of an address that may be fetched; or raise SourceRefused."""
    try:
        address = canonical_address(url.strip(), allowed_origin=settings.FETCH_ALLOWED_ORIGIN or None)
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


def next_interval(source: Source, *, has_changed: bool) -> tuple[timedelta, str]:
    """Return how long to wait before the next look, and why, in words for the source's page.

    After a change the wait halves, after each look without one it grows by half, between the two limits of
    the settings; a first look is followed by one after CHECK_INTERVAL_FIRST.
    """
    shortest, longest = settings.CHECK_INTERVAL_MIN, settings.CHECK_INTERVAL_MAX
    if has_changed:
        return timedelta(seconds=shortest), "it changed at the last look"
    quiet = source.unchanged_in_a_row
    seconds = min(longest, max(shortest, settings.CHECK_INTERVAL_FIRST * 1.5**quiet))
    looks = "look" if quiet == 1 else "looks"
    return timedelta(seconds=seconds), f"unchanged for {quiet} {looks}" if quiet else "new to the desk"


def source_id_at(url: str) -> int | None:
    """Return the id of the source registered at this address, however it is written, or None."""
    try:
        address = clean_address(url)
    except SourceRefused:
        return None
    return Source.objects.filter(url=address).values_list("pk", flat=True).first()


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
