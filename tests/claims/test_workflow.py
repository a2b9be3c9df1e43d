"""The workflow: one table, and nothing that moves a claim past it."""

import pytest

from claims import workflow
from claims.errors import ClaimRefused, MoveRefused, StaleVersion
from claims.models import Claim
from claims.services import claims
from tests.factories import (
    NOW,
    ClaimFactory,
    EditorFactory,
    ReviewerFactory,
    judged,
    published,
    with_evidence,
)

pytestmark = pytest.mark.django_db
W = Claim.Workflow

# Every state with every move: where it leads, or None where it is refused. A new state or move fails here
# until somebody decides.
TABLE = {
    "start": {W.UNSTARTED: W.IN_PROGRESS},
    "cross_check": {W.IN_PROGRESS: W.CROSS_CHECKING, W.REOPENED: W.CROSS_CHECKING},
    "complete": {W.IN_PROGRESS: W.COMPLETED, W.REOPENED: W.COMPLETED, W.CROSS_CHECKING: W.COMPLETED},
    "reopen": {W.CROSS_CHECKING: W.REOPENED, W.COMPLETED: W.REOPENED},
    "merge": dict.fromkeys((W.UNSTARTED, W.IN_PROGRESS, W.REOPENED, W.CROSS_CHECKING), W.MERGED),
    "drop": dict.fromkeys((W.UNSTARTED, W.IN_PROGRESS, W.REOPENED, W.CROSS_CHECKING), W.DROPPED),
    "take_up": {W.DROPPED: W.IN_PROGRESS},
}


@pytest.mark.parametrize("name", workflow.MOVES)
@pytest.mark.parametrize("state", W.values)
def test_each_move_leads_where_the_table_says_or_is_refused(state, name):
    claim = Claim(workflow=state)
    target = TABLE[name].get(state)

    if target is None:
        with pytest.raises(MoveRefused) as refusal:
            workflow.move(claim, name, reason="Because.")
        assert refusal.value.facts["allowed"] == [other for other in TABLE if state in TABLE[other]]
        assert claim.workflow == state
    else:
        workflow.move(claim, name, reason="Because.")
        assert claim.workflow == target


@pytest.mark.parametrize("name", ["reopen", "drop"])
def test_a_move_that_ends_or_undoes_work_says_why(name):
    claim = Claim(workflow=W.CROSS_CHECKING)

    with pytest.raises(MoveRefused, match="Say why"):
        workflow.move(claim, name, reason="  ")


def test_of_two_people_saving_the_same_claim_one_wins_and_the_other_is_told():
    claim = ClaimFactory()
    seen = claim.version
    claims.edit_claim(claim_id=claim.pk, version=seen, text="The first save.", by=claim.drafted_by, now=NOW)

    with pytest.raises(StaleVersion) as refusal:
        claims.edit_claim(claim_id=claim.pk, version=seen, text="The second.", by=ReviewerFactory(), now=NOW)

    claim.refresh_from_db()
    assert claim.text == "The first save."
    assert refusal.value.facts["current"] == claim.version == seen + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Write the claim"),
        (" \u200b\u2060 ", "Write the claim"),
        ("x" * 5001, "At most 5,000"),
        ("nul \x00", "cannot be stored"),
        ("half a pair \ud800", "cannot be stored"),
    ],
)
def test_a_text_nobody_could_check_is_refused_and_the_old_one_stays(text, message):
    claim = ClaimFactory(text="The pier is closed.")

    with pytest.raises(ClaimRefused, match=message):
        claims.edit_claim(claim_id=claim.pk, version=claim.version, text=text, by=claim.drafted_by, now=NOW)

    claim.refresh_from_db()
    assert claim.text == "The pier is closed."


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a\u202eb", "🙂 cafe\u0301", "قال الوزير إن ٢٨ مقعداً"])
def test_unusual_but_sayable_text_is_kept_as_it_came(text):
    claim = claims.draft_claim(text=text, by=ReviewerFactory(), now=NOW)

    assert claim.text == text


def test_wording_that_reviewers_have_judged_changes_only_after_reopening():
    claim = judged(with_evidence(), by=ReviewerFactory())

    with pytest.raises(ClaimRefused, match="Reopen the claim"):
        claims.edit_claim(claim_id=claim.pk, version=claim.version, text="Other.", by=claim.drafted_by, now=NOW)

    claims.reopen_claim(claim_id=claim.pk, reason="The figure is a draft's.", by=claim.drafted_by, now=NOW)
    claim.refresh_from_db()
    claims.edit_claim(claim_id=claim.pk, version=claim.version, text="Other.", by=claim.drafted_by, now=NOW)
    assert Claim.objects.get().text == "Other."


def test_a_reopened_claim_stays_published_as_it_was():
    claim = published()

    claims.reopen_claim(claim_id=claim.pk, reason="A reader wrote in.", by=claim.drafted_by, now=NOW)

    claim.refresh_from_db()
    assert (claim.workflow, claim.citability) == (W.REOPENED, Claim.Citability.CITABLE)
    assert claim.review_round == 2


def test_a_published_claim_is_neither_dropped_nor_merged():
    claim, other = published(), ClaimFactory()

    with pytest.raises(ClaimRefused, match="Withdraw it"):
        claims.drop_claim(claim_id=claim.pk, reason="Dull.", by=claim.drafted_by, now=NOW)
    with pytest.raises(ClaimRefused, match="superseded"):
        claims.merge_claim(claim_id=claim.pk, into_id=other.pk, by=claim.drafted_by, now=NOW)


def test_a_merged_claim_hands_its_passages_to_the_other_and_points_there():
    claim, into = with_evidence(), ClaimFactory()

    claims.merge_claim(claim_id=claim.pk, into_id=into.pk, by=claim.drafted_by, now=NOW)

    claim.refresh_from_db()
    assert (claim.workflow, claim.merged_into) == (W.MERGED, into)
    assert into.evidence.count() == 1


def test_figures_are_read_out_of_the_claim_and_again_when_it_changes():
    claim = claims.draft_claim(text="The fleet lost 28 of its 48 boats.", by=ReviewerFactory(), now=NOW)
    assert [(f.low, f.whole) for f in claim.figures.all()] == [(28, 48)]

    claims.edit_claim(
        claim_id=claim.pk, version=claim.version, text="It lost 100 to 150 boats.", by=claim.drafted_by, now=NOW
    )
    assert [(f.low, f.high) for f in claim.figures.all()] == [(100, 150)]


def test_an_editor_does_not_work_on_claims():
    with pytest.raises(Exception, match="reviewer's or a desk lead's"):
        claims.draft_claim(text="The pier is closed.", by=EditorFactory(), now=NOW)


def test_history_says_who_changed_what():
    claim, reviewer = with_evidence(), ReviewerFactory()
    judged(claim, by=reviewer)

    changes = list(claim.history.values_list("history_change_reason", "history_user", "history_date"))
    assert ("reviewed", reviewer.pk, NOW) in changes
    assert ("evidence", claim.drafted_by_id, NOW) in changes
