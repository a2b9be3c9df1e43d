"""Presence: who has a claim open, said again and again by their page and forgotten when it falls silent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Claim, Presence

BEAT = 20  # seconds between two beats of an open page
HOLDS_FOR = timedelta(seconds=60)  # two beats may be lost
KEPT = timedelta(hours=1)


@transaction.atomic
def be_present(*, claim: Claim, person: User, now: datetime) -> None:
    """Note that this person has this claim open now; rows long silent are swept away with it."""
    Presence.objects.filter(seen_at__lt=now - KEPT).delete()
    Presence.objects.bulk_create(
        [Presence(claim=claim, person=person, seen_at=now)],
        update_conflicts=True, unique_fields=["claim", "person"], update_fields=["seen_at"],
    )  # fmt: skip


def leave(*, claim: Claim, person: User) -> None:
    """Note that this person closed the claim; without it the row expires."""
    Presence.objects.filter(claim=claim, person=person).delete()


def present_at(claim_ids: Iterable[int], *, besides: User, now: datetime) -> dict[int, list[User]]:
    """Return who else has each of these claims open, in one query; claims nobody has open are not in it."""
    rows = Presence.objects.filter(claim__in=list(claim_ids), seen_at__gt=now - HOLDS_FOR).exclude(person=besides)
    found: dict[int, list[User]] = defaultdict(list)
    for row in rows.select_related("person").order_by("person__username"):
        found[row.claim_id].append(row.person)
    return dict(found)
