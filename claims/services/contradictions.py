"""Contradictions: figures that cannot both stand, found by the machine and explained by a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet

from claims import extraction, permissions
from claims.errors import ContradictionRefused, NotPermitted
from claims.models import Claim, Contradiction, CountedWord, Evidence
from sources.services.history import sign_history

from .matching import near_ids

ALIKE_LIMIT = 40  # claims compared with one claim: those that share most words with it, newest first
NEAR_LIMIT = 20  # and those nearest to it in words, where the index has them
BATCH = 100
_ENDED = (Claim.Workflow.MERGED, Claim.Workflow.DROPPED)

# A contradiction's two sides: the claim, and the other claim or the evidence.
_Sides = tuple[int, int | None, int | None]


def find_contradictions(*, claim_ids: Iterable[int], now: datetime) -> int:
    """Compare these claims' figures with their evidence's and with like claims'; return how many stand unexplained.

    What conflicts anew is opened, what no longer does is closed, and a dismissal holds while its reason is the
    same. Claims that are merged, dropped or withdrawn contradict nothing. Nothing but findings is written, so a
    stance, a verdict or a claim never changes by it. Safe to run twice and side by side: a claim that somebody
    else is saving at this moment is left to that save.
    """
    with transaction.atomic():
        rows = Claim.objects.filter(pk__in=set(claim_ids)).order_by("pk").prefetch_related("figures")
        held = list(rows.select_for_update(skip_locked=True))
        ids = {claim.pk for claim in held}
        claims = {claim.pk: claim for claim in held if _is_working(claim)}
        statements = {pk: _statement(claim) for pk, claim in claims.items()}
        _index(ids, statements)
        found = _with_evidence(claims, statements) | _with_claims(claims, statements)
        return _settle(ids, found, now)


def batches() -> Iterator[list[int]]:
    """Yield the ids of all claims, as many at a time as one look compares."""
    ids = Claim.objects.order_by("pk").values_list("pk", flat=True).iterator()
    while batch := list(islice(ids, BATCH)):
        yield batch


def contradictions_of(claim: Claim) -> QuerySet[Contradiction]:
    """Return what stands against a claim, unexplained first, with both sides fetched."""
    return (
        Contradiction.objects.of_claim(claim.pk)
        .standing()
        .select_related("claim", "other_claim", "evidence__snapshot__source", "dismissed_by")
        .defer("evidence__snapshot__text")
        .order_by(F("dismissed_at").asc(nulls_first=True), "-found_at", "-pk")
    )


def unexplained_passages(claim: Claim) -> QuerySet[Contradiction]:
    """Return what keeps a claim from being published: supporting passages with another figure, unexplained."""
    return Contradiction.objects.filter(claim=claim).with_evidence().unexplained()


@transaction.atomic
def dismiss_contradiction(*, contradiction_id: int, reason: str, by: User, now: datetime) -> Contradiction:
    """Say why two figures are no contradiction; it holds until one of them changes.

    Raises NotPermitted, or ContradictionRefused: no reason, explained by somebody before, or closed by now.
    """
    contradiction = _judged_by(by, contradiction_id)
    if not reason.strip():
        raise ContradictionRefused("Say in a sentence why both figures can stand.", field="reason")
    if len(reason.strip()) > 500:
        raise ContradictionRefused(f"At most 500 characters; this is {len(reason.strip())}.", field="reason")
    if contradiction.dismissed_at is not None:
        raise ContradictionRefused("Somebody has explained this one already.")
    contradiction.dismissed_by, contradiction.dismissed_at = by, now
    contradiction.dismissal_reason = reason.strip()
    _save(contradiction, by=by, now=now, change="dismissed")
    return contradiction


@transaction.atomic
def restore_contradiction(*, contradiction_id: int, by: User, now: datetime) -> Contradiction:
    """Take a dismissal back; the row history keeps its reason. Raises NotPermitted or ContradictionRefused."""
    contradiction = _judged_by(by, contradiction_id)
    if contradiction.dismissed_at is None:
        raise ContradictionRefused("Nobody has explained this one; there is nothing to take back.")
    _undismiss(contradiction)
    _save(contradiction, by=by, now=now, change="restored")
    return contradiction


def _judged_by(by: User, contradiction_id: int) -> Contradiction:
    if not permissions.can_review(by):
        raise NotPermitted("Explaining a contradiction takes a reviewer's account.")
    contradiction = Contradiction.objects.select_for_update().get(pk=contradiction_id)
    if contradiction.closed_at is not None:
        raise ContradictionRefused("The figures do not conflict any more; there is nothing to explain.")
    return contradiction


def _undismiss(contradiction: Contradiction) -> None:
    contradiction.dismissed_by, contradiction.dismissed_at, contradiction.dismissal_reason = None, None, ""


def _save(contradiction: Contradiction, *, by: User | None, now: datetime, change: str) -> None:
    sign_history(contradiction, by=by, now=now, change=change)
    contradiction.save()


def _is_working(claim: Claim) -> bool:
    return claim.workflow not in _ENDED and claim.citability != Claim.Citability.WITHDRAWN


def figures_of(claim: Claim) -> list[Any]:
    """Return a claim's figures as they are compared; the rows decide, as a person may have edited them."""
    return [
        extraction.Figure.from_dict(
            {
                "text": row.text, "low": row.low, "high": row.high, "qualifier": row.qualifier, "unit": row.unit,
                "whole": row.whole,
            }
        )
        for row in claim.figures.all()
    ]  # fmt: skip


def _statement(claim: Claim) -> Any:
    periods = " ".join({row.period for row in claim.figures.all() if row.period and row.period not in claim.text})
    times = extraction.read_figures(periods) if periods else []
    return extraction.read_statement(claim.text, figures_of(claim), times)


def _index(ids: set[int], statements: dict[int, Any]) -> None:
    """Write the words by which these claims are found, where they differ from what is written."""
    wanted = {(pk, key) for pk, statement in statements.items() for key in extraction.keys_of(statement)}
    stored = {(row.claim_id, row.key): row.pk for row in CountedWord.objects.filter(claim__in=ids)}
    CountedWord.objects.filter(pk__in=[pk for pair, pk in stored.items() if pair not in wanted]).delete()
    new = [CountedWord(claim_id=pk, key=key) for pk, key in sorted(wanted - set(stored))]
    CountedWord.objects.bulk_create(new, ignore_conflicts=True)


def _with_evidence(claims: dict[int, Claim], statements: dict[int, Any]) -> dict[_Sides, str]:
    """Return the reasons why passages that are said to support these claims give other figures than they do."""
    found: dict[_Sides, str] = {}
    supporting = Evidence.objects.accepted().filter(claim__in=claims, stance=Evidence.Stance.SUPPORTS)
    for evidence in supporting.only("claim", "figures"):
        statement = statements[evidence.claim_id]
        conflicts = conflicts_with(statement, evidence)
        if conflicts:
            found[evidence.claim_id, None, evidence.pk] = _reason(conflicts)
    return found


def conflicts_with(statement: Any, evidence: Evidence) -> list[Any]:
    """Return the claim's figures that the passage contradicts; none where it speaks of another time."""
    figures = [extraction.Figure.from_dict(figure) for figure in evidence.figures]
    times = [figure for figure in figures if figure.is_calendar]
    if not extraction.are_of_one_time(statement.times, times):
        return []
    return extraction.conflicting_figures(statement.counted, [f for f in figures if not f.is_calendar])


def _with_claims(claims: dict[int, Claim], statements: dict[int, Any]) -> dict[_Sides, str]:
    """Return the reasons why like claims cannot both stand with these."""
    others = _alike(claims, statements)
    wanted = set().union(*others.values()) - set(claims)
    like = Claim.objects.filter(pk__in=wanted).prefetch_related("figures") if wanted else ()
    known = {**claims, **{claim.pk: claim for claim in like if _is_working(claim)}}
    read = {**statements, **{pk: _statement(known[pk]) for pk in wanted if pk in known}}
    found: dict[_Sides, str] = {}
    for pk, partners in others.items():
        for partner in partners & set(known):
            one, other = sorted((pk, partner))
            if (one, other, None) not in found and (
                conflicts := extraction.contradictions_between(read[one], read[other])
            ):
                found[one, other, None] = _reason(conflicts, known[one].code, known[other].code)
    return found


def _alike(claims: dict[int, Claim], statements: dict[int, Any]) -> dict[int, set[int]]:
    """Return, for each claim, the claims that may be about the same: a bounded number, found by an index."""
    partners: dict[int, set[int]] = defaultdict(set)
    for pk, statement in statements.items():
        if statement.counted:
            partners[pk].update(near_ids(text=claims[pk].text, exclude=pk, limit=NEAR_LIMIT))
        keys = extraction.keys_of(statement)
        if keys:
            sharing = CountedWord.objects.filter(key__in=keys).exclude(claim=pk).values("claim")
            shared = sharing.annotate(keys=Count("pk")).filter(keys__gte=2).order_by("-keys", "-claim")
            partners[pk].update(row["claim"] for row in shared[:ALIKE_LIMIT])
    # A pair that was found before is looked at again however many claims have come to be alike.
    stored = Contradiction.objects.filter(Q(claim__in=statements) | Q(other_claim__in=statements))
    for one, other in stored.filter(evidence=None).values_list("claim", "other_claim"):
        for pk, partner in ((one, other), (other, one)):
            if pk in statements:
                partners[pk].add(partner)
    return partners


def _reason(conflicts: list[Any], claim: str = "", other: str = "") -> str:
    """Return the sentences that explain the conflicts, at most 500 characters, with the claims' codes if given."""
    sentences = " ".join(dict.fromkeys(conflict.found.reason for conflict in conflicts))
    if claim:
        for side, code in (("claim", claim), ("source", other)):
            sentences = sentences.replace(f"The {side} ", f"{code} ").replace(f"the {side} ", f"{code} ")
    return sentences if len(sentences) <= 500 else sentences[:499] + "…"


def _settle(ids: set[int], found: dict[_Sides, str], now: datetime) -> int:
    """Open what is found, close what is not, and return how many of these claims' contradictions are unexplained."""
    of_these = Contradiction.objects.filter(Q(claim__in=ids) | Q(other_claim__in=ids))
    stored = {
        (row.claim_id, row.other_claim_id, row.evidence_id): row for row in of_these.select_for_update().order_by("pk")
    }
    unexplained = 0
    for sides, row in stored.items():
        reason = found.pop(sides, None)
        if reason is None:
            if row.closed_at is None:
                row.closed_at = now
                _save(row, by=None, now=now, change="closed")
            continue
        if row.closed_at is not None or row.reason != reason:
            if row.reason != reason:
                _undismiss(row)
            row.reason, row.closed_at, row.found_at = reason, None, now
            _save(row, by=None, now=now, change="found again")
        unexplained += row.is_open
    for (claim, other, evidence), reason in found.items():
        row = Contradiction(claim_id=claim, other_claim_id=other, evidence_id=evidence, reason=reason, found_at=now)
        try:
            with transaction.atomic():
                _save(row, by=None, now=now, change="found")
        except IntegrityError:  # found at the same moment from its other side, or its evidence has just been removed
            continue
        unexplained += 1
    return unexplained
