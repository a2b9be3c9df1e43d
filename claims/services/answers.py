"""Answers: what a person says a changed source means, for all the claims an alert lists or those left ticked."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from claims import extraction, permissions
from claims.errors import AlertRefused
from claims.formats.canonical import canonical_json, sha256
from claims.models import Alert, AlertAnswer, AlertItem, Change, Claim, NoiseRule, QuoteCheck
from sources.errors import SourceRefused
from sources.services.history import sign_history
from sources.services.sources import move_source
from sources.text import quote_context

from .alerts import put_holds, release, settle_items
from .claims import reopen_claim
from .seals import seal_verdict
from .versions import claim_locked, require_work, save_claim

LONGEST_WAIT = timedelta(days=90)
GIVEN = (
    Alert.Answer.NOISE,
    Alert.Answer.MOVED,
    Alert.Answer.SAME_MEANING,
    Alert.Answer.FAILED_VERIFICATION,
    Alert.Answer.WAIT,
)
# What the world is told of a hold that ends: the note is the desk's own, and may name people.
_TOLD = {
    Alert.Answer.NOISE: "A reviewer read the source: what the verdict rests on is unharmed.",
    Alert.Answer.SAME_MEANING: "A reviewer read the source: its present words mean the same, and are sealed now.",
    Alert.Answer.FAILED_VERIFICATION: "A reviewer is verifying it anew.",
}
_OF_THE_SOURCE = (Alert.Answer.MOVED, Alert.Answer.WAIT)


@transaction.atomic
def answer_alert(
    *,
    alert_id: int,
    answer: str,
    note: str,
    by: User,
    now: datetime,
    except_claims: frozenset[int] = frozenset(),
    address: str = "",
    wait_until: date | None = None,
    seen: str | None = None,
) -> AlertAnswer:
    """Answer an alert for all claims it lists but the unticked ones, whole or not at all.

    The unticked stay listed and the alert stays open for them. `noise` lifts the holds; `same_meaning` seals the
    verdicts anew on the words as they read now, and lifts them; `failed_verification` reopens the claims, which stay
    on hold until a correction. `moved` and `wait` are about the source and so about every claim: the first gives it
    the new `address`, due to be looked at now, and lets the alert wait for that look; the second hides it until
    `wait_until`, or until it gets worse. `seen` is the `state_of` the alert that the answer was given to; an answer to
    one that has changed since is refused. Raises AlertRefused with the field, and SourceRefused for the address.
    """
    require_work(by)
    alert = Alert.objects.select_for_update().get(pk=alert_id)
    if alert.answered_at is not None:
        raise AlertRefused(f"Answered already: {alert.get_answer_display().lower()}.")
    if seen is not None and seen != state_of(alert):
        raise AlertRefused("The alert changed while you were answering. Read it again below, then answer.")
    if answer not in GIVEN:
        raise AlertRefused("Choose an answer.", field="answer")
    if not note.strip():
        raise AlertRefused("Say in a sentence what you saw.", field="note")
    note = note.strip()
    listed = set(alert.items.unanswered().values_list("claim", flat=True))
    claim_ids = listed - except_claims
    if answer in _OF_THE_SOURCE:
        if answer == Alert.Answer.MOVED:
            _move(alert, address, by, now)
        else:
            alert.wait_until = _end_of_waiting(wait_until, now)
            alert.save()
        return AlertAnswer.objects.create(alert=alert, answer=answer, note=note, given_by=by, given_at=now)
    if not claim_ids:
        raise AlertRefused("Tick the claims this answer is for.", field="claims")
    if answer == Alert.Answer.SAME_MEANING:
        _seal_anew(alert, claim_ids, by, now)
    given = settle_items(alert=alert, claim_ids=claim_ids, answer=answer, note=note, by=by, now=now)
    if answer == Alert.Answer.FAILED_VERIFICATION:
        for claim in Claim.objects.filter(pk__in=claim_ids, workflow=Claim.Workflow.COMPLETED):
            reopen_claim(claim_id=claim.pk, reason=f"Failed verification: {note}"[:500], by=by, now=now)
    # A failed verification keeps its holds; the call still tells the freshness anew.
    cause = Change.Cause.RECHECK if answer == Alert.Answer.SAME_MEANING else Change.Cause.DECISION
    release(claim_ids=claim_ids, reason=_TOLD[Alert.Answer(answer)], by=by, now=now, cause=cause)
    return given


def state_of(alert: Alert) -> str:
    """Return what an open alert says, as one word that differs once an item is listed, settled or reads otherwise."""
    open_items = alert.items.unanswered().order_by("pk")
    said = list(open_items.values_list("pk", "quote_check__result", "quote_check__passage"))
    return sha256(canonical_json([list(map(str, item)) for item in said]))[:16]


def _move(alert: Alert, address: str, by: User, now: datetime) -> None:
    if not address.strip():
        raise AlertRefused("Give the address it moved to.", field="address")
    try:
        move_source(source_id=alert.source_id, url=address, by=by, now=now)
    except SourceRefused as refusal:
        raise AlertRefused(str(refusal), field="address", **refusal.facts) from None


def _end_of_waiting(day: date | None, now: datetime) -> datetime:
    today = timezone.localdate(now)
    if day is None or day <= today:
        raise AlertRefused("Choose a day after today.", field="wait_until")
    if day > today + LONGEST_WAIT:
        raise AlertRefused(f"At most {LONGEST_WAIT.days} days: the claims are on hold meanwhile.", field="wait_until")
    return timezone.make_aware(datetime.combine(day, time.min))


def _seal_anew(alert: Alert, claim_ids: Iterable[int], by: User, now: datetime) -> None:
    """Move the changed quotes of these claims to the words that stand there now, and seal their verdicts on them."""
    items = alert.items.unanswered().filter(claim__in=list(claim_ids)).order_by("claim", "pk")
    related = ("quote_check__evidence", "quote_check__appearance", "quote_check__snapshot")
    checks: dict[int, list[QuoteCheck]] = {}
    for item in items.select_related(*related):
        if item.quote_check is None:
            raise AlertRefused("The source is gone, so there are no present words to seal.", field="answer")
        checks.setdefault(item.claim_id, []).append(item.quote_check)
    for claim_id, changed in checks.items():
        claim = claim_locked(claim_id)
        _refuse_unless_sealable(claim, changed, by)
        for check in changed:
            _move_quote(check, by, now)
        save_claim(claim, by=by, now=now, change="re-sealed")
        newest = claim.publications.select_related("seal__verdict").order_by("-number").first()
        if newest is not None and newest.seal is not None:
            seal_verdict(claim=claim, verdict=newest.seal.verdict, now=now)


def _refuse_unless_sealable(claim: Claim, checks: list[QuoteCheck], by: User) -> None:
    if claim.is_public and claim.workflow != Claim.Workflow.COMPLETED:
        raise AlertRefused(
            f"{claim.code} is under review again: untick it, and correct it with its new evidence.", field="answer"
        )
    for check in checks:
        if check.start is None:
            raise AlertRefused(
                f"{claim.code}: nothing like the quote stands there any more, so it cannot be sealed on it.",
                field="answer",
            )
        is_figure = check.result == QuoteCheck.Result.FIGURE_CHANGED
        if is_figure and (not permissions.can_publish(by) or permissions.is_author(by, claim)):
            raise AlertRefused(
                f"{claim.code}: a figure or a negation differs. That it means the same is for a desk lead to say who "
                "is not the claim's author.",
                field="answer",
            )


def _move_quote(check: QuoteCheck, by: User, now: datetime) -> None:
    """Give a quote the words and the place a check found; its row history keeps the words before."""
    passage = check.evidence or check.appearance
    assert passage is not None and check.start is not None and check.end is not None
    text = check.snapshot.text
    passage.snapshot, passage.quote = check.snapshot, text[check.start : check.end]
    passage.start, passage.end = check.start, check.end
    passage.prefix, passage.suffix = quote_context(text, check.start, check.end)
    if check.evidence is not None:
        figures = extraction.read_figures(passage.quote, reference_date=check.snapshot.published_on)
        check.evidence.figures = [figure.as_dict() for figure in figures]
        check.evidence.confirmed_at = check.snapshot.fetched_at
        check.evidence.version += 1
        sign_history(check.evidence, by=by, now=now, change="re-sealed")
    passage.save()


@transaction.atomic
def undo_answer(*, answer_id: int, by: User, now: datetime) -> Alert:
    """Take back a “noise” or “wait” that was a mistake: the claims are listed, and held, as they were before.

    Raises AlertRefused for other answers, which changed more than a hold, and while a newer alert of the source is
    open.
    """
    require_work(by)
    given = AlertAnswer.objects.select_related("alert").get(pk=answer_id)
    alert = Alert.objects.select_for_update().get(pk=given.alert_id)
    if given.undone_at is not None:
        raise AlertRefused("This answer was taken back already.")
    if given.answer not in (Alert.Answer.NOISE, Alert.Answer.WAIT):
        raise AlertRefused(f"“{given.get_answer_display()}” cannot be taken back; act on the claims themselves.")
    newer = Alert.objects.unanswered().filter(source=alert.source_id).exclude(pk=alert.pk)
    if newer.exists():
        raise AlertRefused("A newer alert of this source is open; answer that one.")
    given.undone_by, given.undone_at = by, now
    given.save()
    if given.answer == Alert.Answer.WAIT:
        alert.wait_until = None
        alert.save()
        return alert
    items = AlertItem.objects.filter(answer=given)
    claim_ids = set(items.values_list("claim", flat=True))
    items.update(answer=None)
    alert.answer, alert.answer_note, alert.answered_by, alert.answered_at = "", "", None, None
    alert.save()
    NoiseRule.objects.active(now).filter(answer=given).update(ended_by=by, ended_at=now)
    put_holds(claim_ids=claim_ids, now=now)
    return alert
