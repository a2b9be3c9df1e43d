"""Judging blind, writing the verdict, and publishing exactly what was read."""

import html

import pytest
from django.urls import reverse

from claims.models import Claim
from claims.services import claims, publishing
from claims.services.verdicts import write_verdict
from tests.factories import (
    NOW,
    ClaimFactory,
    DeskLeadFactory,
    ReviewerFactory,
    TopicFactory,
    decided,
    judged,
    published,
    rating,
    with_evidence,
)

pytestmark = pytest.mark.django_db

SECRET = "The tide tables settle it."


def body(answer):
    return html.unescape(answer.content.decode())


def page(claim):
    return reverse("desk-claim", args=[claim.code])


def judge(client, claim, slug="correct", **given):
    sent = {"version": claim.version, "rating": rating(slug).pk, "rationale": "The log says so.", **given}
    return client.post(reverse("desk-claim-review", args=[claim.code]), sent)


@pytest.fixture
def in_cross_check():
    """Return a claim one reviewer found exaggerated, for a reason nobody else may read yet."""
    claim, first = with_evidence(), ReviewerFactory(first_name="Ben", last_name="Sand")
    from claims.services.reviews import submit_review

    submit_review(
        claim_id=claim.pk, version=claim.version, reviewer=first, rating=rating("exaggerated"), rationale=SECRET,
        now=NOW,
    )  # fmt: skip
    claim.refresh_from_db()
    return claim


def test_a_cross_check_is_blind_until_it_is_in(in_cross_check, at_desk):
    before = body(at_desk.get(page(in_cross_check)))
    assert "Another reviewer has judged; you see it after yours." in before
    assert "Ben Sand" in before
    assert SECRET not in before

    judge(at_desk, in_cross_check, "incorrect")

    after = body(at_desk.get(page(in_cross_check)))
    assert SECRET in after
    assert "Reviewers disagree." in after


def test_no_page_of_the_desk_tells_the_first_rating_early(in_cross_check, at_desk):
    pages = [
        reverse("desk"),
        reverse("desk") + "?show=cross",
        page(in_cross_check),
        reverse("admin:claims_claim_changelist"),
    ]
    for address in pages:
        answer = at_desk.get(address)
        assert SECRET not in body(answer)
        assert 'badge--warn">Exaggerated' not in answer.content.decode()


def test_a_refused_judgement_does_not_reveal_the_first(in_cross_check, at_desk):
    answer = judge(at_desk, in_cross_check, rationale=" ")

    assert answer.context["review"].errors["rationale"]
    assert SECRET not in body(answer)


@pytest.mark.parametrize(
    ("given", "field"), [({"rating": ""}, "rating"), ({"rating": "999"}, "rating"), ({"rationale": ""}, "rationale")]
)
def test_an_incomplete_judgement_is_refused_beside_its_field(given, field, at_desk):
    claim = with_evidence()

    answer = judge(at_desk, claim, **given)

    assert answer.context["review"].errors[field]
    assert given.get("rationale", "The log says so.") in body(answer)
    assert not claim.reviews.exists()


def test_a_judgement_of_an_older_version_is_kept_and_can_be_sent_again(at_desk):
    claim = with_evidence()
    claims.edit_claim(claim_id=claim.pk, version=claim.version, by=claim.drafted_by, now=NOW, text="Other words.")

    stale = judge(at_desk, claim, rationale="My long reasoning.")
    assert stale.status_code == 412
    assert "My long reasoning." in body(stale) and "Other words." in body(stale)

    judge(at_desk, claim, version=stale.context["review"]["version"].value(), rationale="My long reasoning.")
    assert claim.reviews.get().rationale == "My long reasoning."


def test_nobody_judges_twice_in_a_round(at_desk, reviewer):
    claim = judged(with_evidence(), by=reviewer)

    answer = judge(at_desk, claim)

    assert answer.status_code == 409
    assert claim.reviews.count() == 1


def test_agreement_leads_to_the_verdict_form_and_its_words(at_desk, reviewer):
    claim = judged(with_evidence(), by=ReviewerFactory())
    judge(at_desk, claim)
    claim.refresh_from_db()
    assert claim.workflow == Claim.Workflow.COMPLETED

    address = reverse("desk-claim-verdict", args=[claim.code])
    refused = at_desk.post(address, {"version": 1, "finding": "", "explanation": "Kept explanation."})
    assert refused.context["verdict_form"].errors["finding"]
    assert "Kept explanation." in body(refused)

    at_desk.post(address, {"version": 1, "finding": "It counted 412.", "explanation": "Its report says so."})
    verdict = claim.verdicts.get()
    assert (verdict.finding, verdict.written_by) == ("It counted 412.", reviewer)


def test_a_stale_verdict_shows_both_texts(at_desk):
    claim = decided()
    verdict = claim.verdicts.get()
    write_verdict(
        claim_id=claim.pk, version=verdict.version, finding="Theirs.", explanation="Their reasons.",
        by=ReviewerFactory(), now=NOW,
    )  # fmt: skip

    answer = at_desk.post(
        reverse("desk-claim-verdict", args=[claim.code]),
        {"version": verdict.version, "finding": "Mine.", "explanation": "My reasons."},
    )

    assert answer.status_code == 412
    assert all(words in body(answer) for words in ("Theirs.", "Their reasons.", "Mine.", "My reasons."))


def test_a_desk_lead_publishes_exactly_the_revision_shown(as_user, lead):
    claim, client = decided(), as_user(lead)
    shown = client.get(page(claim)).context["publish"]["revision_sha256"].value()

    client.post(reverse("desk-claim-publish", args=[claim.code]), {"revision_sha256": shown})

    claim.refresh_from_db()
    assert claim.citability == Claim.Citability.CITABLE
    assert claim.publications.get().revision_sha256 == shown


def test_a_revision_that_changed_meanwhile_is_not_published(as_user, lead):
    claim, client = decided(), as_user(lead)
    shown = publishing.revision_of(claim).sha256
    claims.edit_claim(claim_id=claim.pk, version=claim.version, by=claim.drafted_by, now=NOW, topics=[TopicFactory()])

    answer = client.post(reverse("desk-claim-publish", args=[claim.code]), {"revision_sha256": shown})

    assert answer.status_code == 409
    assert "The revision changed after you looked at it." in body(answer)
    assert answer.context["publish"]["revision_sha256"].value() != shown
    assert not claim.publications.exists()


def test_what_is_missing_for_publication_is_listed(as_user, lead):
    claim = judged(judged(with_evidence(), by=ReviewerFactory()), by=ReviewerFactory())

    answer = as_user(lead).get(page(claim))

    assert "The verdict's finding and explanation are not written." in body(answer)


def test_an_author_is_told_that_somebody_else_publishes(as_user):
    lead = DeskLeadFactory()
    claim = decided(with_evidence(ClaimFactory(drafted_by=lead)))
    client = as_user(lead)

    assert "another desk lead has to publish it" in body(client.get(page(claim)))
    answer = client.post(
        reverse("desk-claim-publish", args=[claim.code]), {"revision_sha256": publishing.revision_of(claim).sha256}
    )
    assert answer.status_code == 403
    assert not claim.publications.exists()


def test_a_reviewer_cannot_publish(at_desk):
    claim = decided()

    answer = at_desk.post(
        reverse("desk-claim-publish", args=[claim.code]), {"revision_sha256": publishing.revision_of(claim).sha256}
    )

    assert answer.status_code == 403
    assert not claim.publications.exists()


def test_a_correction_shows_old_and_new_and_says_why(as_user, lead):
    claim, client = published(), as_user(lead)
    verdict = claim.verdicts.get()
    write_verdict(
        claim_id=claim.pk, version=verdict.version, finding="It counted 398.", explanation="It corrected its report.",
        by=claim.drafted_by, now=NOW,
    )  # fmt: skip
    shown = client.get(page(claim))
    assert ("Finding", "The harbour office counted 412 arrivals.", "It counted 398.") in shown.context["told"].changes

    address = reverse("desk-claim-correct", args=[claim.code])
    sha256 = shown.context["correct"]["revision_sha256"].value()
    refused = client.post(address, {"revision_sha256": sha256, "kind": "correction", "reason": ""})
    assert refused.context["correct"].errors["reason"]
    refused = client.post(address, {"revision_sha256": sha256, "kind": "", "reason": "The office miscounted."})
    assert refused.context["correct"].errors["kind"]
    assert "The office miscounted." in body(refused)

    client.post(address, {"revision_sha256": sha256, "kind": "correction", "reason": "The office miscounted."})
    claim.refresh_from_db()
    assert claim.citability == Claim.Citability.CORRECTED
    assert claim.publications.latest().correction.reason == "The office miscounted."


STEPS = {
    "Take it up": lambda: with_fresh_workflow(),
    "Attach evidence": lambda: ClaimFactory(),
    "Judge it": lambda: with_evidence(),
    "Cross-check it": lambda: judged(with_evidence(), by=ReviewerFactory()),
    "Write the verdict": lambda: judged(judged(with_evidence(), by=ReviewerFactory()), by=ReviewerFactory()),
    "Waits for a desk lead": lambda: decided(),
    "Published as version 1": lambda: published(),
}


def with_fresh_workflow():
    claim = with_evidence()
    Claim.objects.filter(pk=claim.pk).update(workflow=Claim.Workflow.UNSTARTED)
    return claim


@pytest.mark.parametrize("words", STEPS)
def test_the_next_sensible_step_is_named(words, at_desk):
    claim = STEPS[words]()

    assert at_desk.get(page(claim)).context["step"].words == words
