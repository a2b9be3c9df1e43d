"""Versions: every change of a claim is one locked, numbered save, so that nobody overwrites a colleague."""

from datetime import datetime

from django.contrib.auth.models import User

from claims import permissions
from claims.errors import NotPermitted, StaleVersion
from claims.models import Claim
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


def save_claim(claim: Claim, *, by: User | None, now: datetime, change: str) -> None:
    """Save the claim as its next version, with a history row that says who and what kind of change."""
    claim.version += 1
    claim.updated_at = now
    sign_history(claim, by=by, now=now, change=change)
    claim.save()


def require_work(by: User) -> None:
    if not permissions.can_work(by):
        raise NotPermitted("Working on claims takes a reviewer's or a desk lead's account.")
