"""Scheduling: a revision approved now and published at a time, unless anything of it changes before."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from claims import permissions
from claims.errors import ClaimError, NotPermitted, PublicationRefused, SigningUnavailable
from claims.models import Claim, ScheduledPublication

from .publishing import approved_revision, correct_claim, publish_claim, refuse_correction
from .versions import claim_locked

log = logging.getLogger(__name__)

AT_MOST = timedelta(days=366)
AT_ONCE = 50


@transaction.atomic
def schedule_publication(
    *, claim_id: int, revision_sha256: str, publish_at: datetime | None, by: User, now: datetime,
    kind: str = "", reason: str = "",
) -> ScheduledPublication:  # fmt: skip
    """Approve exactly this revision, to be published at a time; one that waited before is replaced.

    The same is refused as publishing it now would be, so that an hour later nothing comes as a surprise.
    """
    if not permissions.can_publish(by):
        raise NotPermitted("Publishing takes a desk lead's account.")
    claim = claim_locked(claim_id)
    if publish_at is None or publish_at <= now:
        raise PublicationRefused("Choose a time that is still to come.", field="publish_at")
    if publish_at > now + AT_MOST:
        raise PublicationRefused("Choose a time within a year.", field="publish_at")
    if claim.publications.exists():
        refuse_correction(claim, kind=kind, reason=reason)
        approved_revision(claim, by, revision_sha256, replacing=claim.publications.latest())
    else:
        kind, reason = "", ""
        approved_revision(claim, by, revision_sha256)
    _end(claim, ScheduledPublication.State.CANCELLED, "Another time was set.", by=by, now=now)
    return ScheduledPublication.objects.create(
        claim=claim,
        revision_sha256=revision_sha256,
        kind=kind,
        reason=reason.strip(),
        publish_at=publish_at,
        approved_by=by,
        approved_at=now,
    )


@transaction.atomic
def cancel_schedule(*, claim_id: int, by: User, now: datetime) -> None:
    """Take back what waits to be published of this claim; raise PublicationRefused where nothing does."""
    if not permissions.can_publish(by):
        raise NotPermitted("Cancelling takes a desk lead's account.")
    claim = claim_locked(claim_id)
    if not _end(claim, ScheduledPublication.State.CANCELLED, "Cancelled at the desk.", by=by, now=now):
        raise PublicationRefused("Nothing of this claim waits to be published.")


def publish_due(*, now: datetime) -> int:
    """Publish what is due, each in its own transaction; return how many. Run twice, nothing is told twice.

    What the desk's rules refuse by now is voided with the reason. Without the log's key it goes on waiting.
    """
    published = 0
    due = ScheduledPublication.objects.due(now).order_by("publish_at")
    for schedule_id in due.values_list("pk", flat=True)[:AT_ONCE]:
        try:
            published += _publish(schedule_id, now)
        except SigningUnavailable as refusal:
            log.error("a scheduled publication waits: %s", refusal)
    return published


@transaction.atomic
def _publish(schedule_id: int, now: datetime) -> bool:
    schedule = ScheduledPublication.objects.get(pk=schedule_id)
    claim = claim_locked(schedule.claim_id)
    schedule = ScheduledPublication.objects.select_for_update().get(pk=schedule_id)
    if schedule.state != ScheduledPublication.State.WAITING:
        return False
    # Ended first: the publication is itself a change of the claim, and would void what still waits.
    _end(claim, ScheduledPublication.State.PUBLISHED, "", by=None, now=now)
    who: dict[str, Any] = {
        "claim_id": claim.pk,
        "by": schedule.approved_by,
        "now": now,
        "revision_sha256": schedule.revision_sha256,
    }
    try:
        with transaction.atomic():
            if schedule.kind:
                correct_claim(kind=schedule.kind, reason=schedule.reason, **who)
            else:
                publish_claim(**who)
    except SigningUnavailable:
        raise
    except ClaimError as refusal:
        ScheduledPublication.objects.filter(pk=schedule.pk).update(
            state=ScheduledPublication.State.VOIDED, ended_reason=str(refusal)[:500]
        )
        return False
    return True


def _end(claim: Claim, state: str, why: str, *, by: User | None, now: datetime) -> int:
    waiting = ScheduledPublication.objects.waiting().filter(claim=claim)
    return waiting.update(state=state, ended_at=now, ended_by=by, ended_reason=why)
