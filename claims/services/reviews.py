"""Reviews: judgements given blind, and the verdict once enough of them agree."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims import permissions, workflow
from claims.errors import NotPermitted, ReviewRefused
from claims.models import Claim, Rating, Review

from .policies import PolicyValues, current_policy
from .verdicts import decide_verdict
from .versions import claim_locked, save_claim


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
    claim is not open for review, has no evidence, or they have judged it in this round.
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
    if not claim.evidence.accepted().exists():
        raise ReviewRefused("Attach evidence first: a judgement without a quoted passage cannot be followed.")
    policy, reviews = current_policy(), claim.reviews.filter(round=claim.review_round)
    if reviews.filter(reviewer=reviewer).exists():
        raise ReviewRefused("You have judged this claim in this round; the cross-check takes another person.")
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
    elif claim.workflow != Claim.Workflow.CROSS_CHECKING:
        workflow.move(claim, "cross_check")
    save_claim(claim, by=reviewer, now=now, change="reviewed")
    return review


def _look_again(claim: Claim, policy: PolicyValues, now: datetime) -> None:
    """Set the day by which a decided claim is looked at again, unless a person set one that is still to come."""
    today = timezone.localdate(now)
    if claim.review_by is None or claim.review_by <= today:
        claim.review_by = policy.review_by(priority=claim.priority, today=today) or claim.review_by
