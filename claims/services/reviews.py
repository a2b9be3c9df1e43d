"""Reviews: judgements given blind, and the verdict once enough of them agree."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims import permissions, workflow
from claims.errors import NotPermitted, ReviewRefused
from claims.models import Claim, Rating, Review

from .claims import add_note
from .policies import PolicyValues, current_policy
from .rules import rules_for_judging
from .verdicts import decide_verdict
from .versions import claim_locked, save_claim

_IN_THE_WAY = {
    "accepted_evidence": "Attach evidence first: a judgement without a quoted passage cannot be followed.",
}


def visible_reviews(claim: Claim, viewer: User) -> QuerySet[Review]:
    """Return the reviews this person may see: in an undecided round only their own, until theirs is in."""
    reviews = claim.reviews.select_related("rating", "reviewer")
    mine_is_in = claim.reviews.filter(round=claim.review_round, reviewer=viewer).exists()
    if claim.workflow == Claim.Workflow.COMPLETED or mine_is_in:
        return reviews
    return reviews.exclude(round=claim.review_round)


@transaction.atomic
def submit_review(
    *, claim_id: int, version: int, reviewer: User, rating: Rating, rationale: str, now: datetime
) -> Review:
    """Record one reviewer's judgement and, once enough agree, the verdict.

    `version` is the claim's version they looked at. Raises NotPermitted, StaleVersion or ReviewRefused: the
    claim is not open for review, has no evidence, they have judged it in this round, or they drafted it and would
    cross-check it. Where judgements differ, the claim goes to a third.
    """
    if not permissions.can_review(reviewer):
        raise NotPermitted("Judging a claim takes a reviewer's account.")
    claim = claim_locked(claim_id, version)
    if claim.workflow not in Claim.REVIEWABLE:
        raise ReviewRefused(f"This claim is {claim.get_workflow_display().lower()} and not open for review.")
    if rating.retired_at is not None:
        raise ReviewRefused(f"“{rating.label}” is retired; choose another rating.", field="rating")
    if not rationale.strip():
        raise ReviewRefused("Say in a sentence or two what decided it for you.", field="rationale")
    policy, reviews = current_policy(), claim.reviews.filter(round=claim.review_round)
    if reviews.filter(reviewer=reviewer).exists():
        raise ReviewRefused("You have judged this claim in this round; the cross-check takes another person.")
    if unmet := next((rule for rule in rules_for_judging(claim, reviewer) if rule.holds_up), None):
        raise ReviewRefused(_IN_THE_WAY.get(unmet.name, unmet.missing), rule=unmet.name)
    review = Review.objects.create(
        claim=claim,
        claim_version=claim.version,
        round=claim.review_round,
        reviewer=reviewer,
        rating=rating,
        rationale=rationale.strip(),
        reviewed_at=now,
    )
    if reviews.filter(rating=rating).count() >= policy.reviews_required:
        workflow.move(claim, "complete")
        _look_again(claim, policy, now)
        decide_verdict(claim=claim, rating=rating, now=now)
    else:
        if claim.workflow != Claim.Workflow.CROSS_CHECKING:
            workflow.move(claim, "cross_check")
        if reviews.values("rating").distinct().order_by().count() > 1:
            claim.assignee = next_reviewer(claim)
    save_claim(claim, by=reviewer, now=now, change="reviewed")
    return review


def next_reviewer(claim: Claim) -> User | None:
    """Return who is to decide where judgements differ: of those who may and have not, whoever has least to do.

    None where nobody is left; the claim then waits unassigned.
    """
    may = Q(groups__permissions__codename="review_claim") | Q(is_superuser=True)
    judged = claim.reviews.filter(round=claim.review_round).values("reviewer")
    people = (
        User.objects.filter(may, is_active=True, is_staff=True).exclude(pk__in=judged).exclude(pk=claim.drafted_by_id)
    )
    in_hand = (
        Claim.objects.open().filter(assignee=OuterRef("pk")).order_by().values("assignee").annotate(n=Count("pk"))
    )
    counted = people.annotate(in_hand=Coalesce(Subquery(in_hand.values("n")), 0)).order_by("in_hand", "pk").distinct()
    # A desk lead who judges cannot publish it, so reviewers come first.
    leads = {person.pk for person in counted if permissions.can_publish(person)}
    return min(counted, key=lambda person: (person.pk in leads, person.in_hand, person.pk), default=None)


@transaction.atomic
def request_changes(*, claim_id: int, comment: str, by: User, now: datetime) -> Claim:
    """Send a claim in cross-check back to whoever judged it first, with a comment; a new round begins.

    The comment is the reason of the reopening and a note in the thread that names them. Raises NotPermitted or
    ReviewRefused: it is not in cross-check, they have judged it themselves, or there is no comment.
    """
    if not permissions.can_review(by):
        raise NotPermitted("Cross-checking takes a reviewer's account.")
    claim = claim_locked(claim_id)
    comment = comment.strip()
    if claim.workflow != Claim.Workflow.CROSS_CHECKING:
        raise ReviewRefused("Changes can be asked for while a claim is in cross-check.")
    if claim.reviews.filter(round=claim.review_round, reviewer=by).exists():
        raise ReviewRefused("You have judged this claim in this round; reopen it instead, and say why.")
    if not comment:
        raise ReviewRefused("Say what has to change, so that a colleague can do it.", field="comment")
    if len(comment) > 500:
        raise ReviewRefused(f"At most 500 characters; this is {len(comment)}.", field="comment")
    first = claim.reviews.filter(round=claim.review_round).select_related("reviewer").earliest("reviewed_at", "pk")
    workflow.move(claim, "reopen", reason=comment)
    claim.review_round += 1
    claim.assignee = first.reviewer if permissions.can_review(first.reviewer) else None
    save_claim(claim, by=by, now=now, change="changes requested")
    add_note(claim_id=claim.pk, author=by, text=f"@{first.reviewer.username} Changes requested: {comment}", now=now)
    return claim


def _look_again(claim: Claim, policy: PolicyValues, now: datetime) -> None:
    """Set the day by which a decided claim is looked at again, unless a person set one that is still to come."""
    today = timezone.localdate(now)
    if claim.review_by is None or claim.review_by <= today:
        claim.review_by = policy.review_by(priority=claim.priority, today=today) or claim.review_by
