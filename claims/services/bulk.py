"""Bulk: one change asked for many claims, told per claim, undone once as a whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims import permissions
from claims.errors import BulkRefused, ClaimError
from claims.models import BulkAction, BulkOutcome, Claim

from . import claims
from .versions import require_work

LIMIT = 200
Kind = BulkAction.Kind
_ENDED = (Claim.Workflow.MERGED, Claim.Workflow.DROPPED)


@dataclass(frozen=True)
class Foreseen:
    """What a change would do to one claim: from which value to which, or why not."""

    claim: Claim
    before: str
    after: str
    reason: str = ""


def preview(*, kind: str, value: str, claim_ids: Iterable[int], by: User) -> list[Foreseen]:
    """Say for each claim what the change would do, and change nothing; raise BulkRefused or NotPermitted."""
    require_work(by)
    wanted = _read(kind, value)
    chosen = Claim.objects.filter(pk__in=_few(claim_ids)).select_related("assignee").order_by("pk")
    return [
        Foreseen(claim, _words(kind, _present(claim, kind)), _words(kind, wanted), _why_not(claim, kind, wanted))
        for claim in chosen
    ]


@transaction.atomic
def apply(*, kind: str, value: str, claim_ids: Iterable[int], by: User, now: datetime) -> BulkAction:
    """Make the change wherever it can be made, and keep for every claim what came of it.

    Each claim is changed by the same service as one alone, and refused by the same rules: an outcome says why.
    Raises BulkRefused (no such change, no claim, more than 200) or NotPermitted.
    """
    require_work(by)
    wanted, ids = _read(kind, value), _few(claim_ids)
    action = BulkAction.objects.create(kind=kind, value=value, by=by, at=now)
    outcomes = []
    for claim in Claim.objects.filter(pk__in=ids).select_related("assignee").order_by("pk"):
        before = _stored(kind, _present(claim, kind))
        reason = _why_not(claim, kind, wanted)
        if not reason:
            try:
                with transaction.atomic():
                    claim = _change(claim.pk, kind, wanted, by, now)
            except ClaimError as refusal:
                reason = str(refusal)
        outcomes.append(
            BulkOutcome(
                action=action, claim=claim, is_done=not reason, reason=reason[:500], before=before,
                version=claim.version,
            )
        )  # fmt: skip
    BulkOutcome.objects.bulk_create(outcomes)
    return action


@transaction.atomic
def undo(*, action_id: int, by: User, now: datetime) -> BulkAction:
    """Give every claim that was changed the value it had, unless somebody has saved it since: then it says so.

    Once only, by whoever made the change or a desk lead; raises BulkRefused.
    """
    require_work(by)
    action = BulkAction.objects.select_for_update().get(pk=action_id)
    if action.undone_at is not None:
        raise BulkRefused("This change has been undone already.")
    if action.by_id != by.pk and not permissions.can_publish(by):
        raise BulkRefused("Whoever made a change undoes it, or a desk lead.")
    action.undone_by, action.undone_at = by, now
    action.save()
    outcomes = list(action.outcomes.filter(is_done=True).select_related("claim"))
    for outcome in outcomes:
        if outcome.claim.version != outcome.version:
            outcome.undo_reason = "Somebody has saved this claim since; it stays as it is."
            continue
        try:
            with transaction.atomic():
                _change(outcome.claim_id, action.kind, _read(action.kind, outcome.before), by, now)
            outcome.is_undone = True
        except ClaimError as refusal:
            outcome.undo_reason = str(refusal)[:500]
    BulkOutcome.objects.bulk_update(outcomes, ["is_undone", "undo_reason"])
    return action


def _few(claim_ids: Iterable[int]) -> list[int]:
    ids = list(dict.fromkeys(claim_ids))
    if not ids:
        raise BulkRefused("Tick the claims first.")
    if len(ids) > LIMIT:
        raise BulkRefused(f"At most {LIMIT} claims at once; these are {len(ids)}.")
    return ids


def _read(kind: str, value: str) -> User | int | date | None:
    """Return the value a change sets; raise BulkRefused for one it cannot have."""
    try:
        if kind == Kind.ASSIGN:
            return User.objects.get(pk=int(value)) if value else None
        if kind == Kind.PRIORITY:
            return int(Claim.Priority(int(value)))
        if kind == Kind.REVIEW_BY:
            return date.fromisoformat(value) if value else None
    except (ValueError, OverflowError, User.DoesNotExist):
        raise BulkRefused("Choose what the claims should have.", field="value") from None
    raise BulkRefused("There is no such change.", field="kind")


def _present(claim: Claim, kind: str) -> User | int | date | None:
    return {Kind.ASSIGN: claim.assignee, Kind.PRIORITY: claim.priority, Kind.REVIEW_BY: claim.review_by}[Kind(kind)]


def _why_not(claim: Claim, kind: str, wanted: User | int | date | None) -> str:
    if claim.workflow in _ENDED:
        return f"It is {claim.get_workflow_display().lower()}."
    if _present(claim, kind) == wanted:
        return "It is so already."
    if kind == Kind.ASSIGN and isinstance(wanted, User) and not permissions.can_review(wanted):
        return f"{wanted} cannot judge claims."
    return ""


def _change(pk: int, kind: str, wanted: User | int | date | None, by: User, now: datetime) -> Claim:
    if kind == Kind.ASSIGN:
        assert wanted is None or isinstance(wanted, User)
        return claims.assign_claim(claim_id=pk, to=wanted, by=by, now=now)
    version = Claim.objects.values_list("version", flat=True).get(pk=pk)
    if kind == Kind.PRIORITY:
        assert isinstance(wanted, int)
        return claims.edit_claim(claim_id=pk, version=version, by=by, now=now, priority=wanted)
    assert wanted is None or isinstance(wanted, date)
    return claims.edit_claim(claim_id=pk, version=version, by=by, now=now, review_by=wanted)


def _stored(kind: str, value: User | int | date | None) -> str:
    if value is None:
        return ""
    return str(value.pk) if isinstance(value, User) else str(value)


def _words(kind: str, value: User | int | date | None) -> str:
    if value is None:
        return "nobody" if kind == Kind.ASSIGN else "no day"
    if isinstance(value, User):
        return value.get_full_name() or value.username
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(Claim.Priority(value).label)
