"""Versions: every change of a claim is one locked, numbered save, so that nobody overwrites a colleague."""

from datetime import datetime

from django.contrib.auth.models import User

from claims import permissions
from claims.errors import NotPermitted, StaleVersion
from claims.models import Claim, ScheduledPublication
from sources.services.history import sign_history


def claim_locked(claim_id: int, version: int | None = None) -> Claim:
    """Return the claim with its row locked; raise StaleVersion if it is not at this version any more."""
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    if version is not None and claim.version != version:
        raise StaleVersion(
            f"Somebody saved this claim in the meantime: it is at version {claim.version}, you edited {version}.",
            current=claim.version,
        )
    return claim


# A change that touches neither what would be published nor what it rests on.
_BESIDE = {"assigned"}


def save_claim(claim: Claim, *, by: User | None, now: datetime, change: str) -> None:
    """Save the claim as its next version, with a history row that says who and what kind of change.

    What was approved and waits for its time is void with that, unless the change is only whose work it is.
    """
    claim.version += 1
    claim.updated_at = now
    sign_history(claim, by=by, now=now, change=change)
    claim.save()
    if change not in _BESIDE:
        void_approval(claim, change=change, now=now)


def void_approval(claim: Claim, *, change: str, now: datetime) -> None:
    """End an approval that waits for its time: what was approved is not what stands any more (R21)."""
    ScheduledPublication.objects.waiting().filter(claim=claim).update(
        state=ScheduledPublication.State.VOIDED,
        ended_at=now,
        ended_reason=f"The claim changed after it was approved ({change}). Read it again and set a new time.",
    )


def require_work(by: User) -> None:
    if not permissions.can_work(by):
        raise NotPermitted("Working on claims takes a reviewer's or a desk lead's account.")
