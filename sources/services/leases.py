"""Leases: whose turn it is to look at a source, so that no look is lost and none is done twice."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from sources.models import Source

# A look that left no outcome is tried again after these waits; then the source waits for a person (R37).
RETRY_WAITS = (30, 120, 600, 3600, 6 * 3600)


@transaction.atomic
def lease_due(*, now: datetime, limit: int) -> list[int]:
    """Lease up to `limit` due sources, longest overdue first, and return their ids.

    Leased by compare-and-set, so that two sweepers at once never hand out the same look twice. A source whose
    looks kept leaving no outcome (a killed worker, five times) is not handed out: it waits for a person.
    """
    expired = Source.objects.due(now).filter(lease_expires_at__isnull=False)
    expired.filter(attempts_without_outcome__gte=len(RETRY_WAITS)).update(
        next_check_at=None, lease_expires_at=None, next_check_reason="given up: five looks left no outcome"
    )
    leased = []
    for source_id in Source.objects.due(now).order_by("next_check_at").values_list("pk", flat=True)[:limit]:
        taken = (
            Source.objects.due(now)
            .filter(pk=source_id)
            .update(
                lease_expires_at=now + timedelta(seconds=settings.CHECK_LEASE),
                attempt=F("attempt") + 1,
                attempts_without_outcome=F("attempts_without_outcome") + 1,
            )
        )
        if taken:
            leased.append(source_id)
    return leased


def lease_now(*, source_id: int, now: datetime) -> bool:
    """Lease one source because somebody waits; False if a look is under way or it has no address."""
    free = Source.objects.watched().filter(pk=source_id).exclude(lease_expires_at__gt=now)
    expires = now + timedelta(seconds=settings.CHECK_LEASE)
    return bool(free.update(lease_expires_at=expires, attempt=F("attempt") + 1))
