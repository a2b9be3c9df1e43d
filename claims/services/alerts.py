"""Alerts: a changed source puts exactly the claims that rest on it on hold, and a person answers."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.errors import AlertRefused
from claims.models import Alert, AlertItem, Claim, QuoteCheck
from sources.models import Source

from .claims import hold_claims, lift_holds, reopen_claim
from .quotes import check_quotes, is_confirmed, newest_check, open_changes
from .versions import require_work

GONE = (Source.LinkState.DEAD, Source.LinkState.DEVIATED)


def follow_changed_sources(*, now: datetime) -> int:
    """Re-read every quote whose source changed, raise alerts for confirmed changes, lift holds of returned ones.

    Returns how many quotes were looked for. Safe to run at any time and twice.
    """
    looked_for = check_quotes(now=now)
    for check in open_changes():
        if is_confirmed(check):
            raise_alert(check=check, now=now)
    for alert in Alert.objects.filter(answered_at=None, severity__gt=0):
        _settle_if_returned(alert, now)
    for source in Source.objects.filter(link_state__in=GONE):
        _raise_gone(source, now)
    answering = Alert.objects.filter(answered_at=None, severity=0).exclude(source__link_state__in=GONE)
    answering.update(answer=Alert.Answer.RETURNED, answered_at=now, answer_note="The source is no longer gone.")
    return looked_for


def claim_of(check: QuoteCheck) -> Claim:
    passage = check.evidence or check.appearance
    assert passage is not None, "a constraint of the table"
    return passage.claim


@transaction.atomic
def raise_alert(*, check: QuoteCheck, now: datetime) -> Alert:
    """List a confirmed change in its source's one open alert, and put the claim on hold if it is citable.

    Only evidence holds a claim: an appearance that was edited shows in the alert, but the verdict does not
    rest on it.
    """
    claim, severity = claim_of(check), QuoteCheck.SEVERITY[QuoteCheck.Result(check.result)]
    source = check.snapshot.source
    alert, is_new = Alert.objects.select_for_update().get_or_create(
        source=source,
        answered_at=None,
        defaults={"severity": severity, "reason": check.reason, "opened_at": now},
    )
    AlertItem.objects.get_or_create(alert=alert, quote_check=check, defaults={"claim": claim})
    if not is_new and severity > alert.severity:
        alert.severity, alert.reason, alert.worsened_at = severity, check.reason, now
        alert.save()
    if check.evidence_id:
        hold_claims(claim_ids=[claim.pk], reason=f"A source it rests on changed. {check.reason}", now=now)
    return alert


@transaction.atomic
def _raise_gone(source: Source, now: datetime) -> None:
    """Raise an alert, without a hold, for a dead or deviated source that claims rest on: the capture still proves."""
    resting = Claim.objects.published().filter(evidence__snapshot__source=source).distinct()
    answered_since = Alert.objects.filter(source=source, answered_at__gte=source.disturbed_at or now)
    is_open = Alert.objects.filter(source=source, answered_at=None).exists()
    if is_open or answered_since.exists() or not resting.exists():
        return
    alert = Alert.objects.create(
        source=source,
        severity=0,
        reason=source.link_state_reason[:500] or source.get_link_state_display(),
        opened_at=now,
    )
    AlertItem.objects.bulk_create(AlertItem(alert=alert, claim=claim) for claim in resting)


@transaction.atomic
def _settle_if_returned(alert: Alert, now: datetime) -> None:
    """Close the alert and lift its holds when every quote it lists stands in the source again, by itself."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    items = list(alert.items.select_related("quote_check"))
    changes = [item.quote_check for item in items if item.quote_check is not None]
    if not all(newest_check(change).result == QuoteCheck.Result.INTACT for change in changes):
        return
    reason = "The source says the sealed words again."
    lift_holds(claim_ids={item.claim_id for item in items}, reason=reason, by=None, now=now)
    alert.answer, alert.answered_at, alert.answer_note = Alert.Answer.RETURNED, now, reason
    alert.save()


@transaction.atomic
def answer_alert(
    *, alert_id: int, answer: str, note: str, by: User, now: datetime, except_claims: frozenset[int] = frozenset()
) -> Alert:
    """Settle an alert for all claims it lists but the unticked ones, in one transaction.

    `noise` lifts the holds; `failed_verification` reopens the claims, which stay on hold until a correction.
    Raises AlertRefused when it was answered before, or without a note.
    """
    require_work(by)
    alert = Alert.objects.select_for_update().get(pk=alert_id)
    if alert.answered_at is not None:
        raise AlertRefused(f"Answered already: {alert.get_answer_display().lower()}.")
    if answer not in (Alert.Answer.NOISE, Alert.Answer.FAILED_VERIFICATION):
        raise AlertRefused("Choose noise, or failed verification.", field="answer")
    if not note.strip():
        raise AlertRefused("Say in a sentence what you saw.", field="note")
    claims = {item.claim_id for item in alert.items.all()} - except_claims
    if answer == Alert.Answer.NOISE:
        lift_holds(claim_ids=claims, reason=note.strip(), by=by, now=now)
    else:
        for claim in Claim.objects.filter(pk__in=claims, workflow=Claim.Workflow.COMPLETED):
            reopen_claim(claim_id=claim.pk, reason=f"Failed verification: {note.strip()}"[:500], by=by, now=now)
    alert.answer, alert.answer_note, alert.answered_by, alert.answered_at = answer, note.strip(), by, now
    alert.save()
    return alert
