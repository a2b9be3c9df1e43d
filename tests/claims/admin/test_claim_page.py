"""The claim page: edited at a version, assigned, talked about, moved; nothing typed is ever lost."""

import html
from datetime import date

import pytest
from django.urls import reverse

from claims.models import Claim, ReviewerNote
from claims.services import claims
from tests.factories import (
    NOW,
    ClaimantFactory,
    ClaimFactory,
    EditorFactory,
    ReviewerFactory,
    TopicFactory,
    decided,
    judged,
    published,
    with_evidence,
)

pytestmark = pytest.mark.django_db

PAYLOADS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}", "javascript:alert(1)"]


def body(answer):
    return html.unescape(answer.content.decode())


def page(claim):
    return reverse("desk-claim", args=[claim.code])


def edit(claim, **changes):
    """Return what the edit form would send, with some fields changed."""
    return {
        "version": claim.version,
        "text": claim.text,
        "context": claim.context,
        "claimants": "",
        "priority": claim.priority,
        "language": claim.language,
        **changes,
    }


def test_a_code_in_any_spelling_leads_to_the_claim(at_desk):
    claim = ClaimFactory()

    answer = at_desk.get(reverse("desk-claim", args=[claim.public_id.lower()]))

    assert answer.url == page(claim)
    assert at_desk.get(reverse("desk-claim", args=["nonsense"])).status_code == 404


def test_an_edit_is_saved_with_claimants_topics_and_dates(at_desk):
    claim, topic = ClaimFactory(), TopicFactory()

    at_desk.post(
        reverse("desk-claim-edit", args=[claim.code]),
        edit(
            claim,
            text="The harbour counted 398 arrivals.",
            context="In May.",
            claimants="The harbour office\n  Ida Thorne \n\n",
            topics=[topic.pk],
            priority=1,
            review_by="2026-04-01",
        ),
    )

    claim.refresh_from_db()
    assert claim.text == "The harbour counted 398 arrivals."
    assert [c.name for c in claim.claimants.all()] == ["Ida Thorne", "The harbour office"]
    assert list(claim.topics.all()) == [topic]
    assert (claim.priority, claim.review_by, claim.version) == (1, date(2026, 4, 1), 2)


def test_a_stale_save_shows_both_texts_and_can_be_sent_again(at_desk):
    claim = ClaimFactory(text="As it was.")
    address = reverse("desk-claim-edit", args=[claim.code])
    mine = edit(claim, text="What I wrote.", context="My context.")
    claims.edit_claim(claim_id=claim.pk, version=1, by=ReviewerFactory(), now=NOW, text="What a colleague wrote.")

    answer = at_desk.post(address, mine)

    assert answer.status_code == 412
    assert all(text in body(answer) for text in ("What I wrote.", "My context.", "What a colleague wrote."))
    assert "Save mine on top" in body(answer)
    claim.refresh_from_db()
    assert claim.text == "What a colleague wrote."

    at_desk.post(address, {**mine, "version": answer.context["edit"]["version"].value()})
    claim.refresh_from_db()
    assert (claim.text, claim.version) == ("What I wrote.", 3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": "   "}, "Write the claim"),
        ({"text": "x" * 5001}, "At most 5,000 characters"),
        ({"review_by": "the day after"}, "Enter a valid date."),
        ({"priority": "9"}, "Select a valid choice."),
        ({"text": "nul \x00 inside"}, "Null characters are not allowed."),
    ],
)
def test_a_refused_edit_keeps_what_was_typed(changes, message, at_desk):
    claim = ClaimFactory()

    answer = at_desk.post(
        reverse("desk-claim-edit", args=[claim.code]), edit(claim, context="Kept context.", **changes)
    )

    assert answer.status_code == 400
    assert message in body(answer)
    assert "Kept context." in body(answer)
    claim.refresh_from_db()
    assert claim.version == 1


def test_a_refused_edit_leaves_no_new_claimant_behind(at_desk):
    claim = ClaimFactory()

    at_desk.post(reverse("desk-claim-edit", args=[claim.code]), edit(claim, text=" ", claimants="Nobody Known"))

    assert not claim.claimants.model.objects.filter(name="Nobody Known").exists()


def test_judged_wording_is_not_edited(at_desk, reviewer):
    claim = with_evidence(ClaimFactory(drafted_by=reviewer))
    judged(claim, by=ReviewerFactory())

    answer = at_desk.post(reverse("desk-claim-edit", args=[claim.code]), edit(claim, text="Other words."))

    assert answer.status_code == 400
    assert "Reopen the claim to change it." in body(answer)
    assert "Other words." in body(answer)


def test_a_claim_is_taken_handed_over_and_put_back(at_desk, reviewer):
    claim, colleague = ClaimFactory(), ReviewerFactory()
    address = reverse("desk-claim-assign", args=[claim.code])

    at_desk.post(address, {"me": "1"})
    claim.refresh_from_db()
    assert (claim.assignee, claim.workflow) == (reviewer, Claim.Workflow.IN_PROGRESS)

    at_desk.post(address, {"assignee": colleague.pk})
    claim.refresh_from_db()
    assert claim.assignee == colleague

    at_desk.post(address, {"assignee": ""})
    claim.refresh_from_db()
    assert claim.assignee is None


def test_a_claim_is_not_handed_to_an_editor(at_desk):
    claim = ClaimFactory()

    answer = at_desk.post(reverse("desk-claim-assign", args=[claim.code]), {"assignee": EditorFactory().pk})

    assert answer.status_code == 400
    claim.refresh_from_db()
    assert claim.assignee is None


def test_a_note_joins_the_thread(at_desk):
    claim = ClaimFactory()

    answer = at_desk.post(reverse("desk-claim-note", args=[claim.code]), {"note": "Ask the office."}, follow=True)

    assert "Ask the office." in body(answer)
    assert ReviewerNote.objects.get().claim == claim


def test_an_empty_note_is_refused_beside_its_field(at_desk):
    answer = at_desk.post(reverse("desk-claim-note", args=[ClaimFactory().code]), {"note": " "})

    assert answer.status_code == 400
    assert answer.context["note"].errors["note"]


@pytest.mark.parametrize(("move", "workflow"), [("drop", "dropped"), ("reopen", "reopened")])
def test_a_move_asks_for_its_reason_and_keeps_it(move, workflow, at_desk):
    claim = ClaimFactory() if move == "drop" else decided()
    address = reverse("desk-claim-move", args=[claim.code, move])

    assert at_desk.get(address).status_code == 200
    refused = at_desk.post(address, {"reason": " "})
    assert refused.context["form"].errors["reason"]

    at_desk.post(address, {"reason": "It says nothing checkable."})
    claim.refresh_from_db()
    assert (claim.workflow, claim.workflow_reason) == (workflow, "It says nothing checkable.")


def test_a_dropped_claim_is_taken_up_again(at_desk, reviewer):
    claim = ClaimFactory()
    claims.drop_claim(claim_id=claim.pk, reason="Too vague.", by=reviewer, now=NOW)

    at_desk.post(reverse("desk-claim-move", args=[claim.code, "take_up"]))

    claim.refresh_from_db()
    assert claim.workflow == Claim.Workflow.IN_PROGRESS


def test_a_claim_is_merged_into_the_one_that_is_named(at_desk):
    claim, other = with_evidence(), ClaimFactory(text="The one that stays.")
    address = reverse("desk-claim-move", args=[claim.code, "merge"])

    refused = at_desk.post(address, {"into": "no such words"})
    assert refused.context["form"].errors["into"]

    at_desk.post(address, {"into": other.code})
    claim.refresh_from_db()
    assert claim.merged_into == other
    assert other.evidence.count() == 1


def test_only_a_desk_lead_is_offered_withdrawal(at_desk, as_user, lead):
    claim = published()
    address = reverse("desk-claim-move", args=[claim.code, "withdraw"])

    assert at_desk.get(address).status_code == 404
    assert at_desk.post(address, {"reason": "Wrong."}).status_code == 404

    as_user(lead).post(address, {"reason": "The report was withdrawn."})
    claim.refresh_from_db()
    assert claim.citability == Claim.Citability.WITHDRAWN


def test_a_claim_is_superseded_by_a_published_one(as_user, lead):
    old, new = published(), published()

    as_user(lead).post(reverse("desk-claim-move", args=[old.code, "supersede"]), {"into": new.code})

    old.refresh_from_db()
    assert old.superseded_by == new


def test_the_history_says_who_changed_what_from_what_to_what(at_desk):
    claim = ClaimFactory(text="As it was.")
    colleague = ReviewerFactory(first_name="Ben", last_name="Sand")
    claims.edit_claim(claim_id=claim.pk, version=1, by=colleague, now=NOW, text="As it is.")

    changes = at_desk.get(page(claim)).context["history"]

    assert changes[0]["row"].history_user == colleague
    assert ("Claim", "As it was.", "As it is.") in changes[0]["changes"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_is_shown_as_text_everywhere_on_the_page(payload, at_desk, reviewer):
    claim = ClaimFactory(text=payload, context=payload, drafted_by=reviewer)
    claim.claimants.add(ClaimantFactory(name=payload))
    claim.topics.add(TopicFactory(name=payload))
    claims.add_note(claim_id=claim.pk, author=reviewer, text=payload, now=NOW)
    claims.drop_claim(claim_id=claim.pk, reason=payload, by=reviewer, now=NOW)

    for address in (page(claim), reverse("desk"), reverse("admin:claims_claim_changelist")):
        raw = at_desk.get(address).content.decode()
        assert "<script>alert" not in raw
        assert "<img src=x" not in raw
        assert 'href="javascript:' not in raw
    assert payload in body(at_desk.get(page(claim)))
