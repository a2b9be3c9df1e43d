"""Reviews: blind, once a round, and a verdict only when enough people agree."""

import pytest

from claims.errors import ClaimError, NotPermitted, ReviewRefused, StaleVersion
from claims.models import Claim
from claims.services import claims, reviews
from tests.factories import (
    NOW,
    ApiClientFactory,
    ClaimFactory,
    DeskLeadFactory,
    EditorFactory,
    ReviewerFactory,
    judged,
    rating,
    with_evidence,
)

pytestmark = pytest.mark.django_db


def review(claim, by, slug="correct", rationale="The log gives it."):
    return reviews.submit_review(
        claim_id=claim.pk, version=claim.version, reviewer=by, rating=rating(slug), rationale=rationale, now=NOW
    )


@pytest.mark.parametrize("workflow", [w for w in Claim.Workflow if w not in Claim.REVIEWABLE])
def test_a_review_is_refused_unless_the_claim_is_open_for_review(workflow):
    claim = with_evidence()
    other = ClaimFactory()
    Claim.objects.filter(pk=claim.pk).update(
        workflow=workflow, workflow_reason="Why.", merged_into=other if workflow == "merged" else None
    )

    with pytest.raises(ReviewRefused, match="not open for review"):
        review(claim, ReviewerFactory())

    assert not claim.reviews.exists()


@pytest.mark.parametrize(
    ("person", "may"),
    [(ReviewerFactory, True), (DeskLeadFactory, True), (EditorFactory, False), (ApiClientFactory, False)],
)
def test_each_role_judges_or_does_not(person, may):
    claim = with_evidence()

    if may:
        assert review(claim, person()).pk
    else:
        with pytest.raises(NotPermitted):
            review(claim, person())


def test_two_who_agree_make_the_verdict():
    claim = with_evidence()
    judged(claim, by=ReviewerFactory(), slug="misleading")
    assert claim.workflow == Claim.Workflow.CROSS_CHECKING

    judged(claim, by=ReviewerFactory(), slug="misleading")

    assert claim.workflow == Claim.Workflow.COMPLETED
    assert claim.verdicts.get().rating.slug == "misleading"


def test_two_who_disagree_need_a_third():
    claim = with_evidence()
    judged(claim, by=ReviewerFactory(), slug="correct")
    judged(claim, by=ReviewerFactory(), slug="incorrect")
    assert claim.workflow == Claim.Workflow.CROSS_CHECKING
    assert not claim.verdicts.exists()

    judged(claim, by=ReviewerFactory(), slug="incorrect")

    assert claim.verdicts.get().rating.slug == "incorrect"


def test_nobody_cross_checks_their_own():
    claim, reviewer = with_evidence(), ReviewerFactory()
    judged(claim, by=reviewer)

    with pytest.raises(ReviewRefused, match="another person"):
        review(claim, reviewer)


def test_a_judgement_needs_evidence_and_a_rationale():
    claim = ClaimFactory(workflow=Claim.Workflow.IN_PROGRESS)
    with pytest.raises(ReviewRefused, match="Attach evidence"):
        review(claim, ReviewerFactory())

    with pytest.raises(ReviewRefused, match="what decided it"):
        review(with_evidence(), ReviewerFactory(), rationale="   ")


def test_a_judgement_of_a_version_that_has_changed_is_refused():
    claim = with_evidence()
    claims.edit_claim(claim_id=claim.pk, version=claim.version, text="Other words.", by=claim.drafted_by, now=NOW)

    with pytest.raises(StaleVersion):
        review(claim, ReviewerFactory())


def test_the_first_judgement_is_hidden_from_the_second_until_theirs_is_in():
    claim, first, second = with_evidence(), ReviewerFactory(), ReviewerFactory()
    judged(claim, by=first)
    assert list(reviews.visible_reviews(claim, second)) == []
    assert reviews.visible_reviews(claim, first).count() == 1

    judged(claim, by=second, slug="incorrect")

    assert reviews.visible_reviews(claim, second).count() == 2
    assert reviews.visible_reviews(claim, DeskLeadFactory()).count() == 0


def test_a_new_round_is_judged_afresh():
    claim, reviewer = with_evidence(), ReviewerFactory()
    judged(claim, by=reviewer)
    claims.reopen_claim(claim_id=claim.pk, reason="New report.", by=claim.drafted_by, now=NOW)
    claim.refresh_from_db()

    judged(claim, by=reviewer, slug="outdated")

    assert claim.reviews.filter(reviewer=reviewer).count() == 2


def test_losing_the_role_counts_from_the_next_request():
    claim, reviewer = with_evidence(), ReviewerFactory()
    reviewer.groups.clear()
    reviewer = type(reviewer).objects.get(pk=reviewer.pk)

    with pytest.raises(ClaimError):
        review(claim, reviewer)
