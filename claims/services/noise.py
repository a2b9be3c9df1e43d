"""Noise: rules that keep rewordings of one source from raising alerts, always limited and for a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from claims.errors import AlertRefused
from claims.models import Alert, AlertAnswer, NoiseRule, QuoteCheck
from claims.noise import Changes, changed_words, is_covered, why_not_hidden

from .versions import require_work

LASTS_DAYS = 90
LOOKED_BACK = 200  # past changes of the source that a proposal is tried on


@dataclass(frozen=True)
class Proposal:
    """What a rule would hide: the changes it names, past checks it would have hidden, or why there can be none."""

    changes: Changes
    hides: dict[str, list[QuoteCheck]]
    refusal: str = ""


def propose_rule(*, answer: AlertAnswer) -> Proposal:
    """Return the rule that dismissing these changes as noise suggests, tried on the source's past."""
    items = answer.items.filter(quote_check__isnull=False).select_related(
        "quote_check__evidence", "quote_check__appearance"
    )
    checks = [item.quote_check for item in items if item.quote_check is not None]
    changes: Changes = []
    for check in checks:
        if check.result != QuoteCheck.Result.REWORDED:
            return Proposal([], {}, f"Only a rewording can be hidden by a rule; one of these is: {check.reason}")
        changes += [change for change in _changes(check) if change not in changes]
    refusal = why_not_hidden(changes)
    if refusal:
        return Proposal(changes, {}, refusal)
    past = _past(answer.alert)
    hides = {
        kind: [check for check in past if _hides(kind, changes, _changes(check))] for kind in NoiseRule.Kind.values
    }
    return Proposal(changes, hides)


def _past(alert: Alert) -> list[QuoteCheck]:
    reworded = QuoteCheck.objects.filter(snapshot__source=alert.source_id, result=QuoteCheck.Result.REWORDED)
    related = ("snapshot", "evidence__claim", "appearance__claim")
    return list(reworded.select_related(*related).defer("snapshot__text", "snapshot__headers")[:LOOKED_BACK])


def _changes(check: QuoteCheck) -> Changes:
    passage = check.evidence or check.appearance
    assert passage is not None, "a constraint of the table"
    return changed_words(passage.quote, check.passage)


def _hides(kind: str, named: Iterable[tuple[str, str]], changes: Changes) -> bool:
    pairs = {(old, new) for old, new in named}
    sealed = {old for old, _ in pairs if old} if kind == NoiseRule.Kind.SEALED else set()
    return not why_not_hidden(changes) and is_covered(changes, exact=pairs, sealed=sealed)


@transaction.atomic
def make_rule(*, answer_id: int, kind: str, by: User, now: datetime) -> NoiseRule:
    """Hide such changes in this source for LASTS_DAYS days, after an alert was dismissed as noise.

    Raises AlertRefused when the answer is no standing “noise”, and for any change that holds a figure, a name or a
    negation.
    """
    require_work(by)
    answer = AlertAnswer.objects.select_related("alert").get(pk=answer_id)
    if answer.answer != Alert.Answer.NOISE or answer.undone_at is not None:
        raise AlertRefused("A rule follows from an alert that was dismissed as noise.")
    if kind not in NoiseRule.Kind.values:
        raise AlertRefused("Choose which changes the rule hides.", field="kind")
    proposal = propose_rule(answer=answer)
    if proposal.refusal:
        raise AlertRefused(proposal.refusal)
    return NoiseRule.objects.create(
        source=answer.alert.source,
        answer=answer,
        kind=kind,
        changes=[list(change) for change in proposal.changes],
        reason=answer.note[:500],
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=LASTS_DAYS),
    )


@transaction.atomic
def end_rule(*, rule_id: int, by: User, now: datetime) -> NoiseRule:
    """End a rule before its time; what it hides now is looked at again."""
    require_work(by)
    rule = NoiseRule.objects.select_for_update().get(pk=rule_id)
    if rule.ended_at is not None or rule.expires_at <= now:
        raise AlertRefused("This rule has ended already.")
    rule.ended_by, rule.ended_at = by, now
    rule.save()
    return rule


def hide_noise(checks: Iterable[QuoteCheck], *, source_id: int, now: datetime) -> list[QuoteCheck]:
    """Mark the checks that an active rule of the source hides with that rule, and return the others."""
    rules, shown = list(NoiseRule.objects.active(now).filter(source=source_id)), []
    for check in checks:
        hiding = None
        if rules and check.result == QuoteCheck.Result.REWORDED:
            changes = _changes(check)
            hiding = next((rule for rule in rules if _hides(rule.kind, map(tuple, rule.changes), changes)), None)
        if hiding is None:
            shown.append(check)
        else:
            QuoteCheck.objects.filter(pk=check.pk).update(hidden_by=hiding)
    return shown


def release_hidden(*, now: datetime) -> None:
    """Let what ended rules still hide wait for its answer again; what a newer look overtook is dropped there."""
    hidden = QuoteCheck.objects.filter(hidden_by__isnull=False)
    hidden.exclude(hidden_by__in=NoiseRule.objects.active(now)).update(hidden_by=None, awaits_confirmation=True)
