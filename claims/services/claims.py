"""Claims: drafted, edited, assigned, noted, reopened, merged, dropped, put on hold."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify
from simple_history.utils import bulk_create_with_history

from claims import extraction, permissions, workflow
from claims.errors import ClaimRefused
from claims.importing.rows import Counted
from claims.models import Change, Claim, Claimant, Figure, ReviewerNote, Topic
from claims.wording import text_fault
from sources.services.history import sign_history

from .contradictions import find_contradictions
from .freshness import tell_freshness
from .mentions import tell_mentioned
from .publishing import publish_state, standing_citability
from .versions import claim_locked, require_work, save_claim

# Figures that say when are the claim's period, not something counted.
_NOT_COUNTED = {"date", "period", "ordinal"}


def clean_text(text: str, *, field: str = "text") -> str:
    """Return the text without outer blanks; raise ClaimRefused for an empty, overlong or unstorable one."""
    fault = text_fault(text)
    if fault:
        raise ClaimRefused(fault[1], field=field)
    return text.strip()


def claimant_named(name: str, *, kind: str = Claimant.Kind.PERSON) -> Claimant:
    """Return the claimant of this name, made if there is none."""
    name = " ".join(name.split())[:200]
    found = Claimant.objects.filter(name=name).first()
    if found:
        return found
    stem = slugify(name)[:200] or "claimant"
    slug, number = stem, 2
    while Claimant.objects.filter(slug=slug).exists():
        slug, number = f"{stem}-{number}", number + 1
    return Claimant.objects.create(name=name, slug=slug, kind=kind)


def read_claim_figures(claim: Claim, *, now: datetime) -> None:
    """Replace the claim's figures by those its text gives; a period in the text goes with each of them."""
    claim.figures.all().delete()
    made = [Figure(claim=claim, **asdict(figure)) for figure in figures_in(claim.text)]
    bulk_create_with_history(made, Figure, default_date=now, default_change_reason="read from the text")


def figures_in(text: str) -> list[Counted]:
    """Return the figures a claim's text gives."""
    # numbers by their kind, days by the rest of the kinds
    found: list[Any] = list(extraction.read_figures(text))
    period = next((figure.text for figure in found if figure.kind in {"date", "period"}), "")
    return [
        Counted(
            text=figure.text[:200],
            low=figure.low,
            high=figure.high,
            qualifier=figure.qualifier,
            unit=figure.unit[:80],
            whole=figure.whole,
            period=period[:80],
        )
        for figure in found
        if figure.kind not in _NOT_COUNTED and _storable(figure)
    ]


def _storable(figure: Any) -> bool:
    ends = [end for end in (figure.low, figure.high, figure.whole) if end is not None]
    return bool(ends) and all(abs(end) < 10**18 for end in ends)


@transaction.atomic
def draft_claim(
    *,
    text: str,
    by: User,
    now: datetime,
    context: str = "",
    claimants: Iterable[Claimant] = (),
    topics: Iterable[Topic] = (),
    language: str = "en",
    priority: int = Claim.Priority.NORMAL,
    review_by: date | None = None,
) -> Claim:
    """Add an unstarted claim with the figures its text gives; or raise ClaimRefused or NotPermitted."""
    require_work(by)
    claim = Claim(
        text=clean_text(text),
        context=context.strip(),
        language=language,
        priority=priority,
        review_by=review_by,
        drafted_by=by,
        created_at=now,
        updated_at=now,
    )
    sign_history(claim, by=by, now=now, change="drafted")
    claim.save()
    claim.claimants.set(claimants)
    claim.topics.set(topics)
    read_claim_figures(claim, now=now)
    find_contradictions(claim_ids=[claim.pk], now=now)
    return claim


@transaction.atomic
def edit_claim(
    *,
    claim_id: int,
    version: int,
    by: User,
    now: datetime,
    text: str | None = None,
    context: str | None = None,
    claimants: Iterable[Claimant] | None = None,
    topics: Iterable[Topic] | None = None,
    language: str | None = None,
    priority: int | None = None,
    review_by: date | Literal["keep"] | None = "keep",
) -> Claim:
    """Change what is given, leaving what is None; or raise StaleVersion, ClaimRefused or NotPermitted.

    A `review_by` of None takes the date away; "keep" leaves it.

    The wording (text, context, claimants) can change only while nobody has judged it in this round.
    """
    require_work(by)
    claim = claim_locked(claim_id, version)
    claimant_list = None if claimants is None else list(claimants)
    is_wording = (
        (text is not None and text.strip() != claim.text)
        or (context is not None and context.strip() != claim.context)
        or (claimant_list is not None and {c.pk for c in claimant_list} != {c.pk for c in claim.claimants.all()})
    )
    if is_wording and claim.workflow in (Claim.Workflow.CROSS_CHECKING, Claim.Workflow.COMPLETED):
        raise ClaimRefused("Reviewers have judged this wording. Reopen the claim to change it.", field="text")
    if claim.workflow in (Claim.Workflow.MERGED, Claim.Workflow.DROPPED):
        raise ClaimRefused(f"This claim is {claim.get_workflow_display().lower()}; it cannot be edited.")
    text_before = claim.text
    if text is not None:
        claim.text = clean_text(text)
    if context is not None:
        claim.context = context.strip()
    if language is not None:
        claim.language = language
    if priority is not None:
        claim.priority = priority
    if review_by != "keep":
        claim.review_by = review_by
    if claimant_list is not None:
        claim.claimants.set(claimant_list)
    if topics is not None:
        claim.topics.set(topics)
    save_claim(claim, by=by, now=now, change=permissions.WORDING if is_wording else "details")
    if claim.text != text_before:
        read_claim_figures(claim, now=now)
        find_contradictions(claim_ids=[claim.pk], now=now)
    if review_by != "keep":
        tell_freshness(claim_ids=[claim.pk], now=now)
    return claim


@transaction.atomic
def assign_claim(*, claim_id: int, to: User | None, by: User, now: datetime) -> Claim:
    """Hand the claim to somebody who may judge it, or to nobody; an unstarted claim is started."""
    require_work(by)
    if to is not None and not permissions.can_review(to):
        raise ClaimRefused(f"{to} cannot judge claims; assign it to a reviewer.", field="assignee")
    claim = claim_locked(claim_id)
    claim.assignee = to
    if to is not None and claim.workflow == Claim.Workflow.UNSTARTED:
        workflow.move(claim, "start")
    save_claim(claim, by=by, now=now, change="assigned")
    return claim


@transaction.atomic
def add_note(*, claim_id: int, author: User, text: str, now: datetime) -> ReviewerNote:
    """Add to the thread beside the claim and tell whom it names; internal, and never in any public output."""
    require_work(author)
    note = ReviewerNote.objects.create(
        claim=Claim.objects.get(pk=claim_id), author=author, text=clean_text(text, field="note"), written_at=now
    )
    tell_mentioned(note)
    return note


@transaction.atomic
def reopen_claim(*, claim_id: int, reason: str, by: User, now: datetime) -> Claim:
    """Open a new round of review and say why; what was published stands until it is corrected."""
    require_work(by)
    claim = claim_locked(claim_id)
    workflow.move(claim, "reopen", reason=reason)
    claim.review_round += 1
    save_claim(claim, by=by, now=now, change="reopened")
    return claim


@transaction.atomic
def drop_claim(*, claim_id: int, reason: str, by: User, now: datetime) -> Claim:
    """End work on a claim that will not be checked; a published one is refused: it is withdrawn instead."""
    require_work(by)
    claim = claim_locked(claim_id)
    _refuse_if_public(claim, "Withdraw it instead of dropping it: it has been published.")
    workflow.move(claim, "drop", reason=reason)
    save_claim(claim, by=by, now=now, change="dropped")
    find_contradictions(claim_ids=[claim.pk], now=now)
    return claim


@transaction.atomic
def take_up_claim(*, claim_id: int, by: User, now: datetime) -> Claim:
    """Take a dropped claim up again."""
    require_work(by)
    claim = claim_locked(claim_id)
    workflow.move(claim, "take_up")
    save_claim(claim, by=by, now=now, change="taken up")
    find_contradictions(claim_ids=[claim.pk], now=now)
    return claim


@transaction.atomic
def merge_claim(*, claim_id: int, into_id: int, by: User, now: datetime) -> Claim:
    """Merge an unpublished claim into another: its appearances and evidence go there, and it points there."""
    require_work(by)
    if claim_id == into_id:
        raise ClaimRefused("A claim cannot be merged into itself.", field="into")
    claim, into = claim_locked(claim_id), claim_locked(into_id)
    _refuse_if_public(claim, "A published claim is superseded, not merged.")
    if into.workflow in (Claim.Workflow.MERGED, Claim.Workflow.DROPPED):
        raise ClaimRefused(f"{into.code} is {into.get_workflow_display().lower()} itself.", field="into")
    workflow.move(claim, "merge")
    claim.merged_into = into
    for passages, others in ((claim.appearances, into.appearances), (claim.evidence, into.evidence)):
        there = set(others.values_list("snapshot", "start", "end"))
        for passage in passages.all():
            if (passage.snapshot_id, passage.start, passage.end) not in there:
                passage.claim = into
                passage.save()
    save_claim(claim, by=by, now=now, change="merged")
    find_contradictions(claim_ids=[claim.pk, into.pk], now=now)
    return claim


def _refuse_if_public(claim: Claim, message: str) -> None:
    if claim.publications.exists():
        raise ClaimRefused(message)


@transaction.atomic
def hold_claims(*, claim_ids: Iterable[int], reason: str, now: datetime) -> list[Claim]:
    """Put the citable ones among these claims on hold, publicly and with the reason; return those held.

    One that is on hold for another reason gets this one, publicly as well. The one thing the machine may do to a
    published verdict: it stays, and says that its evidence moved.
    """
    held = []
    for claim in Claim.objects.select_for_update().filter(pk__in=claim_ids).order_by("pk"):
        if not claim.is_public or claim.hold_reason == reason[:500]:
            continue
        before = {"citability": claim.citability}
        if claim.hold_reason:
            before["reason"] = claim.hold_reason
        claim.citability, claim.hold_reason = Claim.Citability.ON_HOLD, reason[:500]
        claim.held_at = claim.held_at or now
        save_claim(claim, by=None, now=now, change="held")
        publish_state(
            claim=claim,
            kind=Change.Kind.HELD,
            cause=Change.Cause.SOURCE_CHANGE,
            actor=Change.Actor.MACHINE,
            before=before,
            after={"citability": claim.citability, "reason": claim.hold_reason},
            now=now,
        )
        held.append(claim)
    return held


@transaction.atomic
def lift_holds(
    *, claim_ids: Iterable[int], reason: str, by: User | None, now: datetime, cause: Change.Cause | None = None
) -> list[Claim]:
    """Take the hold off these claims, by a person's answer or because the source says the sealed words again.

    The cause, unless given, is a person's decision or the machine's re-check.
    """
    lifted = []
    for claim in Claim.objects.select_for_update().filter(pk__in=claim_ids).order_by("pk"):
        if claim.citability != Claim.Citability.ON_HOLD:
            continue
        claim.citability = standing_citability(claim.publications.latest())
        claim.held_at, claim.hold_reason = None, ""
        save_claim(claim, by=by, now=now, change="hold lifted")
        publish_state(
            claim=claim,
            kind=Change.Kind.HOLD_LIFTED,
            cause=cause or (Change.Cause.DECISION if by else Change.Cause.RECHECK),
            actor=Change.Actor.PERSON if by else Change.Actor.MACHINE,
            before={"citability": Claim.Citability.ON_HOLD},
            after={"citability": claim.citability, "reason": reason},
            now=now,
        )
        lifted.append(claim)
    return lifted
