"""Alerts: a changed source puts exactly the claims that rest on it on hold, and lets them go when it returns."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Subquery

from claims.models import Alert, AlertAnswer, AlertItem, Change, Claim, Evidence, Publication, QuoteCheck
from sources.models import Source, SourceCheck

from .claims import hold_claims, lift_holds
from .freshness import tell_freshness
from .noise import hide_noise, release_hidden
from .quotes import SETTLED_AFTER, check_quotes, confirmed_changes, follow_mark, move_mark, stands_again

GONE = (Source.LinkState.DEAD, Source.LinkState.DEVIATED)
_ENDED = (Claim.Workflow.MERGED, Claim.Workflow.DROPPED)


def follow_changed_sources(*, now: datetime) -> int:
    """Re-read every quote whose source changed, raise alerts for confirmed changes, lift holds of returned ones.

    Returns how many quotes were looked for. Safe to run at any time, twice, and by two workers at once.
    """
    looked_for = check_quotes(now=now)
    release_hidden(now=now)
    for source_id, check_ids in confirmed_changes().items():
        raise_alert(source_id=source_id, check_ids=check_ids, now=now)
    _follow_gone(now)
    _settle_what_returned(now)
    _settle_what_was_corrected(now)
    return looked_for


def claim_of(check: QuoteCheck) -> Claim:
    passage = check.evidence or check.appearance
    assert passage is not None, "a constraint of the table"
    return passage.claim


@transaction.atomic
def raise_alert(*, source_id: int, check_ids: Iterable[int], now: datetime) -> Alert | None:
    """List confirmed changes in their source's one open alert, and put the claims that rest on them on hold.

    Returns None when a rule hides them all or another worker listed them. A quote that is listed already shows its
    newest check; the alert rises again when one gets worse or another is listed. Only evidence holds a claim: an
    appearance that was edited shows in the alert, but the verdict does not rest on it.
    """
    waiting = QuoteCheck.objects.select_for_update(of=("self",)).filter(pk__in=list(check_ids))
    waiting = waiting.filter(awaits_confirmation=True).select_related("evidence__claim", "appearance__claim")
    checks = list(waiting.order_by("pk"))
    QuoteCheck.objects.filter(pk__in=[check.pk for check in checks]).update(awaits_confirmation=False)
    living = [check for check in checks if _is_living(claim_of(check))]
    shown = hide_noise(living, source_id=source_id, now=now)
    if not shown:
        return None
    alert, is_new = Alert.objects.select_for_update().get_or_create(
        source_id=source_id, answered_at=None, defaults={"reason": shown[0].reason, "opened_at": now}
    )
    worse, others = _list(alert, shown, now)
    rank_alert(alert)
    if worse and not is_new:
        alert.worsened_at, alert.wait_until = now, None
    alert.save()
    put_holds(claim_ids=worse | others, now=now)
    return alert


def _is_living(claim: Claim) -> bool:
    return claim.workflow not in _ENDED and claim.citability != Claim.Citability.WITHDRAWN


def _list(alert: Alert, checks: list[QuoteCheck], now: datetime) -> tuple[set[int], set[int]]:
    """List each check once; return the claims for which it got worse, and those whose figure reads otherwise again."""
    open_items = alert.items.unanswered().filter(quote_check__isnull=False).select_related("quote_check")
    listed = {_quote_of(item.quote_check): item for item in open_items if item.quote_check is not None}
    worse, others = set(), set()
    for check in checks:
        claim, item = claim_of(check), listed.get(_quote_of(check))
        if item is None:
            AlertItem.objects.create(alert=alert, quote_check=check, claim=claim, listed_at=now)
            worse.add(claim.pk)
            continue
        assert item.quote_check is not None
        if check.severity > item.quote_check.severity:
            worse.add(claim.pk)
        elif check.result == QuoteCheck.Result.FIGURE_CHANGED:
            others.add(claim.pk)
        item.quote_check = check
        item.save()
    return worse, others


def _quote_of(check: QuoteCheck) -> tuple[int | None, int | None]:
    return check.evidence_id, check.appearance_id


def rank_alert(alert: Alert) -> None:
    """Give the alert the severity and reason of its worst open item, a swapped name before plain rewordings."""
    items = alert.items.unanswered().filter(quote_check__isnull=False).select_related("quote_check").order_by("pk")
    checks = [item.quote_check for item in items if item.quote_check is not None]
    if checks:
        worst = max(checks, key=_gravity)
        alert.severity, alert.reason = worst.severity, worst.reason


def put_holds(*, claim_ids: Iterable[int], now: datetime) -> None:
    """Hold those of the claims whose published verdict rests on a listed passage, each with its gravest reason."""
    claim_ids = set(claim_ids)
    for claim_id, reason in _reasons_to_hold(claim_ids).items():
        hold_claims(claim_ids=[claim_id], reason=reason, now=now)
    tell_freshness(claim_ids=claim_ids, now=now)


def _reasons_to_hold(claim_ids: set[int]) -> dict[int, str]:
    """Return why each of these claims has to be on hold: the gravest open item, of whichever alert, it rests on."""
    listed = AlertItem.objects.unanswered().on_evidence().filter(claim__in=claim_ids, alert__answered_at=None)
    resting = listed.annotate(told_at=_told_at()).filter(quote_check__evidence__added_at__lte=F("told_at"))
    worst: dict[int, QuoteCheck] = {}
    for item in resting.select_related("quote_check").order_by("pk"):
        check, known = item.quote_check, worst.get(item.claim_id)
        if check is not None and (known is None or _gravity(check) > _gravity(known)):
            worst[item.claim_id] = check
    return {claim_id: f"A source it rests on changed. {check.reason}"[:500] for claim_id, check in worst.items()}


def _gravity(check: QuoteCheck) -> tuple[int, bool]:
    return check.severity, check.is_name_swapped


def _told_at() -> Subquery:
    """Return when the newest publication of an outer row's claim was made."""
    newest = Publication.objects.filter(claim=OuterRef("claim")).order_by("-number")
    return Subquery(newest.values("published_at")[:1])


@transaction.atomic
def release(
    *,
    claim_ids: Iterable[int],
    reason: str,
    by: User | None,
    now: datetime,
    cause: Change.Cause | None = None,
) -> list[Claim]:
    """Lift the holds of those claims that nothing else keeps on hold; return those lifted.

    Another alert's open passage keeps its claim on hold, with that reason from now on; a failed verification keeps
    it until the claim is corrected.
    """
    claim_ids = set(claim_ids)
    elsewhere = _reasons_to_hold(claim_ids)
    failed = AlertItem.objects.filter(claim__in=claim_ids, answer__answer=Alert.Answer.FAILED_VERIFICATION)
    failed = failed.annotate(told_at=_told_at()).filter(answer__given_at__gte=F("told_at"))
    kept = set(failed.values_list("claim", flat=True))
    for claim_id, other_reason in elsewhere.items():
        if claim_id not in kept:
            hold_claims(claim_ids=[claim_id], reason=other_reason, now=now)
    lifted = lift_holds(claim_ids=claim_ids - set(elsewhere) - kept, reason=reason, by=by, now=now, cause=cause)
    tell_freshness(claim_ids=claim_ids, now=now)
    return lifted


def settle_items(
    *, alert: Alert, claim_ids: Iterable[int], answer: str, note: str, by: User | None, now: datetime
) -> AlertAnswer:
    """Record an answer for the open items of these claims, and close the alert, which is locked, when none is left."""
    given = AlertAnswer.objects.create(alert=alert, answer=answer, note=note, given_by=by, given_at=now)
    alert.items.unanswered().filter(claim__in=list(claim_ids)).update(answer=given)
    if alert.items.unanswered().exists():
        rank_alert(alert)
    else:
        alert.answer, alert.answer_note, alert.answered_by, alert.answered_at = answer, note, by, now
        alert.wait_until = None
    alert.save()
    return given


def _settle_what_returned(now: datetime) -> None:
    """Settle the claims all of whose listed quotes stand in their source again, or whose quotes were taken off."""
    listed = AlertItem.objects.unanswered().filter(alert__answered_at=None, quote_check__isnull=False)
    rows = listed.annotate(stands=stands_again(outer="quote_check__")).values_list("alert", "claim", "stands")
    found: dict[int, dict[int, bool]] = defaultdict(lambda: defaultdict(lambda: True))
    for alert_id, claim_id, stands in rows:
        found[alert_id][claim_id] &= stands is not False
    for alert_id, claims in found.items():
        returned = {claim_id for claim_id, is_intact in claims.items() if is_intact}
        if returned:
            _settle_by_itself(alert_id, returned, "The source says the sealed words again.", now)
    empty = Alert.objects.unanswered().filter(~Exists(AlertItem.objects.unanswered().filter(alert=OuterRef("pk"))))
    for alert_id in empty.values_list("pk", flat=True):
        _settle_by_itself(alert_id, set(), "No claim rests on the changed passage any more.", now)


@transaction.atomic
def _settle_by_itself(alert_id: int, claim_ids: set[int], note: str, now: datetime) -> None:
    alert = Alert.objects.select_for_update().get(pk=alert_id)
    if alert.answered_at is not None:
        return
    moved = alert.answers.filter(answer=Alert.Answer.MOVED, undone_at=None).first()
    answer, by = (Alert.Answer.MOVED, moved.given_by) if moved else (Alert.Answer.RETURNED, None)
    settle_items(
        alert=alert,
        claim_ids=claim_ids,
        answer=answer,
        note=f"{moved.note} The sealed words stand there." if moved else note,
        by=by,
        now=now,
    )
    release(claim_ids=claim_ids, reason=note, by=None, now=now)


def _settle_what_was_corrected(now: datetime) -> None:
    """Settle claims that were corrected or withdrawn since they were listed: that publication is their answer."""
    listed = AlertItem.objects.unanswered().filter(alert__answered_at=None).annotate(told_at=_told_at())
    corrected = listed.filter(told_at__gt=F("listed_at")).exclude(claim__citability=Claim.Citability.ON_HOLD)
    found = defaultdict(set)
    for alert_id, claim_id in corrected.values_list("alert", "claim"):
        found[alert_id].add(claim_id)
    for alert_id, claim_ids in found.items():
        with transaction.atomic():
            alert = Alert.objects.select_for_update().get(pk=alert_id)
            note = "It was corrected or withdrawn since."
            if alert.answered_at is None:
                settle_items(
                    alert=alert, claim_ids=claim_ids, answer=Alert.Answer.CORRECTED, note=note, by=None, now=now
                )
                tell_freshness(claim_ids=claim_ids, now=now)


def _follow_gone(now: datetime) -> None:
    """Raise alerts, without a hold, for sources found gone under published claims; settle those that are back."""
    since = SourceCheck.objects.filter(pk__gt=follow_mark().check_id)
    found = since.filter(link_state__in=GONE).values("source")
    gone = Source.objects.filter(pk__in=found, link_state__in=GONE)
    answered = Alert.objects.filter(source=OuterRef("pk"), answered_at__gte=OuterRef("disturbed_at"))
    gone = gone.exclude(Exists(Alert.objects.unanswered().filter(source=OuterRef("pk")))).exclude(Exists(answered))
    resting = Evidence.objects.filter(snapshot__source=OuterRef("pk"), claim__citability__in=Claim.PUBLIC).accepted()
    for source in gone.filter(Exists(resting)):
        _raise_gone(source, now)
    settled = since.filter(checked_at__lte=now - SETTLED_AFTER).aggregate(newest=Max("pk"))["newest"]
    if settled:
        move_mark("check_id", settled)
    back = AlertItem.objects.unanswered().filter(alert__answered_at=None, quote_check=None)
    back = back.exclude(alert__source__link_state__in=(*GONE, Source.LinkState.UNKNOWN, Source.LinkState.FAILING))
    found_back = defaultdict(set)
    for alert_id, claim_id in back.values_list("alert", "claim"):
        found_back[alert_id].add(claim_id)
    for alert_id, claim_ids in found_back.items():
        _settle_by_itself(alert_id, claim_ids, "The source is no longer gone.", now)


@transaction.atomic
def _raise_gone(source: Source, now: datetime) -> None:
    """List the published claims that rest on a source that is gone; no hold, since the capture still proves them."""
    reason = source.link_state_reason[:500] or source.get_link_state_display()
    alert, is_new = Alert.objects.get_or_create(
        source=source, answered_at=None, defaults={"reason": reason, "opened_at": now}
    )
    if not is_new:
        return
    evidence = Evidence.objects.filter(snapshot__source=source, claim__citability__in=Claim.PUBLIC).accepted()
    claim_ids = set(evidence.values_list("claim", flat=True))
    AlertItem.objects.bulk_create(AlertItem(alert=alert, claim_id=pk, listed_at=now) for pk in sorted(claim_ids))
    tell_freshness(claim_ids=claim_ids, now=now)
