"""Evidence: only words that stand in the snapshot, and a machine's stance only as a proposal."""

import pytest

from claims.errors import EvidenceRefused, QuoteRefused, ReviewRefused, StaleVersion
from claims.models import Claim, Evidence
from claims.services import evidence, reviews
from tests.factories import (
    NOW,
    PASSAGE,
    ApiClientFactory,
    ClaimFactory,
    ReviewerFactory,
    SnapshotFactory,
    decided,
    rating,
    with_evidence,
)

pytestmark = pytest.mark.django_db


def attach(claim, snapshot, quote=PASSAGE, **more):
    more.setdefault("by", claim.drafted_by)
    return evidence.attach_evidence(
        claim_id=claim.pk, snapshot_id=snapshot.pk, quote=quote, stance="supports", now=NOW, **more
    )


def test_the_stored_quote_is_the_snapshots_own_text_with_its_place_and_figures():
    claim, snapshot = ClaimFactory(), SnapshotFactory()

    item = attach(claim, snapshot)

    assert snapshot.text[item.start : item.end] == item.quote == PASSAGE
    assert item.prefix.endswith("Weather was mild. ")
    assert 412 in [figure["low"] for figure in item.figures]
    claim.refresh_from_db()
    assert claim.workflow == Claim.Workflow.IN_PROGRESS


def test_a_quote_that_differs_only_in_typography_is_found():
    snapshot = SnapshotFactory(text="He said “never – not once”, and\u00a0left.")

    item = attach(ClaimFactory(), snapshot, quote='"never - not once", and left')

    assert item.quote == "“never – not once”, and\u00a0left"


def test_a_quote_that_is_not_in_the_text_is_refused_with_the_nearest_passage():
    with pytest.raises(QuoteRefused, match="not in the saved text") as refusal:
        attach(ClaimFactory(), SnapshotFactory(), quote=PASSAGE.replace("412", "512"))

    assert "counted 412 arrivals" in refusal.value.facts["nearest"]
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("quote", ["", "   ", "x" * 2001])
def test_an_empty_or_endless_quote_is_refused(quote):
    with pytest.raises(QuoteRefused):
        attach(ClaimFactory(), SnapshotFactory(), quote=quote)


def test_the_same_passage_is_attached_once():
    claim, snapshot = ClaimFactory(), SnapshotFactory()
    attach(claim, snapshot)

    with pytest.raises(EvidenceRefused, match="already"):
        attach(claim, snapshot)


def test_judged_evidence_changes_only_after_reopening():
    claim = decided()

    with pytest.raises(EvidenceRefused, match="reopen"):
        attach(claim, SnapshotFactory())
    with pytest.raises(EvidenceRefused, match="reopen"):
        evidence.remove_evidence(evidence_id=claim.evidence.get().pk, by=claim.drafted_by, now=NOW)


def test_a_proposed_stance_counts_once_a_person_has_accepted_it():
    claim, reviewer = ClaimFactory(), ReviewerFactory()
    item = attach(claim, SnapshotFactory(), by=ApiClientFactory(), is_proposal=True)
    claim.refresh_from_db()
    with pytest.raises(ReviewRefused, match="Attach evidence"):
        reviews.submit_review(
            claim_id=claim.pk, version=claim.version, reviewer=reviewer, rating=rating(), rationale="Log.", now=NOW
        )

    evidence.change_stance(
        evidence_id=item.pk,
        version=item.version,
        stance="refutes",
        note="Another year.",
        by=reviewer,
        now=NOW,
    )

    item.refresh_from_db()
    assert (item.stance, item.accepted_by) == ("refutes", reviewer)


def test_a_stance_saved_over_a_colleagues_is_refused():
    item = with_evidence().evidence.get()
    change = {"evidence_id": item.pk, "version": item.version, "note": "", "by": item.added_by, "now": NOW}
    evidence.change_stance(stance="refutes", **change)

    with pytest.raises(StaleVersion):
        evidence.change_stance(stance="context", **change)
