"""Contradictions: figures that cannot both stand, shown with a reason, explained by a person, closed by themselves."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import tasks
from claims.errors import ContradictionRefused, NotPermitted, PublicationRefused
from claims.models import Claim, Contradiction, CountedWord
from claims.services import claims, contradictions, evidence, publishing
from tests.claims.stories import signed_in
from tests.factories import (
    NOW,
    ApiClientFactory,
    DeskLeadFactory,
    EditorFactory,
    ReviewerFactory,
    SnapshotFactory,
    decided,
    with_evidence,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def drafted(text: str) -> Claim:
    return claims.draft_claim(text=text, by=ReviewerFactory(), now=NOW)


def reworded(claim: Claim, text: str) -> Claim:
    claim.refresh_from_db()
    return claims.edit_claim(claim_id=claim.pk, version=claim.version, by=claim.drafted_by, now=LATER, text=text)


def at_odds() -> Claim:
    """Return a claim with a supporting passage that gives another figure."""
    return with_evidence(drafted("The harbour counted 398 arrivals in May."))


def dismissed(contradiction: Contradiction, by=None) -> Contradiction:
    return contradictions.dismiss_contradiction(
        contradiction_id=contradiction.pk, reason="One counts crews.", by=by or ReviewerFactory(), now=LATER
    )


def test_two_claims_with_conflicting_figures_are_found_when_the_second_is_saved():
    first = drafted("The harbour counted 412 arrivals in May.")
    second = drafted("The harbour office recorded 430 arrivals in May.")

    found = Contradiction.objects.get()
    assert (found.claim, found.other_claim, found.is_open) == (first, second, True)
    assert found.reason == f"{first.code} says 412 arrivals; {second.code} says 430 arrivals."


def test_a_pair_is_one_row_from_whichever_side_it_is_found():
    first, second = drafted("The pier has 12 berths."), drafted("The pier has 14 berths.")

    contradictions.find_contradictions(claim_ids=[first.pk, second.pk], now=LATER)
    contradictions.find_contradictions(claim_ids=[first.pk], now=LATER)

    assert Contradiction.objects.count() == 1
    assert list(contradictions.contradictions_of(first)) == list(contradictions.contradictions_of(second))


def test_claims_about_another_month_do_not_contradict():
    drafted("The harbour counted 412 arrivals in May.")
    drafted("The harbour counted 403 arrivals in April.")

    assert not Contradiction.objects.exists()


def test_a_supporting_passage_with_another_figure_contradicts_its_claim_and_keeps_its_stance():
    claim = at_odds()

    found = Contradiction.objects.get()
    assert (found.claim, found.evidence.claim) == (claim, claim)
    assert found.reason == "The claim says 398 arrivals; the source says 412 arrivals."
    assert claim.evidence.get().stance == "supports"


@pytest.mark.parametrize("stance", ["refutes", "context", "partly_supports", "failed_verification"])
def test_a_passage_that_is_not_said_to_support_contradicts_nothing(stance):
    claim = at_odds()
    item = claim.evidence.get()

    evidence.change_stance(
        evidence_id=item.pk, version=item.version, stance=stance, note="", by=claim.drafted_by, now=LATER
    )

    assert Contradiction.objects.get().closed_at == LATER


def test_a_proposed_stance_contradicts_only_once_a_person_has_accepted_it():
    claim = drafted("The harbour counted 398 arrivals in May.")
    snapshot = SnapshotFactory()
    item = evidence.attach_evidence(
        claim_id=claim.pk, snapshot_id=snapshot.pk, quote="counted 412 arrivals in May", stance="supports",
        by=ApiClientFactory(), now=NOW, is_proposal=True,
    )  # fmt: skip
    assert not Contradiction.objects.exists()

    evidence.change_stance(
        evidence_id=item.pk, version=item.version, stance="supports", note="", by=claim.drafted_by, now=LATER
    )

    assert Contradiction.objects.get().evidence == item


def test_a_contradiction_closes_by_itself_when_the_figure_is_edited_and_opens_again_when_it_returns():
    claim = at_odds()
    reworded(claim, "The harbour counted 412 arrivals in May.")
    closed = Contradiction.objects.get()
    assert closed.closed_at == LATER and not closed.is_open

    reworded(claim, "The harbour counted 398 arrivals in May.")

    assert Contradiction.objects.get().is_open


def test_a_contradiction_goes_with_its_evidence():
    claim = at_odds()

    evidence.remove_evidence(evidence_id=claim.evidence.get().pk, by=claim.drafted_by, now=LATER)

    assert not Contradiction.objects.exists()


@pytest.mark.parametrize("end", ["drop", "merge"])
def test_a_claim_that_ends_contradicts_nothing(end):
    first, second = drafted("The pier has 12 berths."), drafted("The pier has 14 berths.")

    if end == "drop":
        claims.drop_claim(claim_id=second.pk, reason="Not ours.", by=second.drafted_by, now=LATER)
    else:
        claims.merge_claim(claim_id=second.pk, into_id=first.pk, by=second.drafted_by, now=LATER)

    assert Contradiction.objects.get().closed_at == LATER


def test_a_dismissal_holds_until_a_figure_changes_and_its_history_stays():
    claim, by = at_odds(), ReviewerFactory()
    found = dismissed(Contradiction.objects.get(), by)
    contradictions.find_contradictions(claim_ids=[claim.pk], now=LATER)
    found.refresh_from_db()
    assert (found.dismissed_by, found.dismissal_reason, found.is_open) == (by, "One counts crews.", False)

    reworded(claim, "The harbour counted 397 arrivals in May.")

    found.refresh_from_db()
    assert found.is_open and found.dismissal_reason == ""
    assert [row.history_change_reason for row in found.history.all()] == ["found again", "dismissed", "found"]
    assert found.history.filter(dismissal_reason="One counts crews.").get().history_user == by


def test_a_dismissal_can_be_taken_back():
    at_odds()
    found = dismissed(Contradiction.objects.get())

    contradictions.restore_contradiction(contradiction_id=found.pk, by=ReviewerFactory(), now=LATER)

    found.refresh_from_db()
    assert found.is_open
    with pytest.raises(ContradictionRefused, match="nothing to take back"):
        contradictions.restore_contradiction(contradiction_id=found.pk, by=ReviewerFactory(), now=LATER)


@pytest.mark.parametrize(("reason", "said"), [(" ", "Say in a sentence"), ("x" * 501, "At most 500")])
def test_a_dismissal_says_why_in_at_most_500_characters(reason, said):
    at_odds()

    with pytest.raises(ContradictionRefused, match=said):
        contradictions.dismiss_contradiction(
            contradiction_id=Contradiction.objects.get().pk, reason=reason, by=ReviewerFactory(), now=LATER
        )


def test_what_is_closed_or_explained_is_not_explained_again():
    claim = at_odds()
    found = dismissed(Contradiction.objects.get())
    with pytest.raises(ContradictionRefused, match="explained this one already"):
        dismissed(found)

    reworded(claim, "The harbour counted 412 arrivals in May.")

    with pytest.raises(ContradictionRefused, match="do not conflict any more"):
        dismissed(found)


@pytest.mark.parametrize("who", [EditorFactory, ApiClientFactory])
def test_explaining_takes_a_reviewer(who):
    at_odds()

    with pytest.raises(NotPermitted):
        dismissed(Contradiction.objects.get(), who())


def test_a_claim_is_not_published_over_an_unexplained_contradiction_of_its_own_evidence():
    claim = decided(at_odds())

    def publish():
        sha256 = publishing.revision_of(claim).sha256
        return publishing.publish_claim(claim_id=claim.pk, by=DeskLeadFactory(), revision_sha256=sha256, now=LATER)

    with pytest.raises(PublicationRefused, match="gives another figure"):
        publish()
    dismissed(Contradiction.objects.get())

    assert publish().number == 1


def test_a_contradiction_with_another_claim_keeps_nothing_from_being_published():
    claim = with_evidence(drafted("The harbour counted 412 arrivals in May."))
    drafted("The harbour office recorded 430 arrivals in May.")

    assert not publishing.missing_for_publication(decided(claim), publishing.revision_of(claim))


def test_every_night_finds_what_no_save_has_seen(monkeypatch):
    monkeypatch.setitem(current_app.conf, "task_always_eager", True)
    first, second = drafted("The pier has 12 berths."), drafted("The pier has 14 berths.")
    Contradiction.objects.all().delete()
    CountedWord.objects.all().delete()

    tasks.find_contradictions()

    found = Contradiction.objects.get()
    assert (found.claim, found.other_claim) == (first, second)


def test_a_look_at_many_claims_asks_one_query_more_for_each(django_assert_num_queries):
    made = [drafted(f"Pier {chr(65 + n)} has {12 + n} berths.").pk for n in range(6)]
    contradictions.find_contradictions(claim_ids=made, now=LATER)

    # Savepoint (2), claims, figures, written words, one for each claim, pairs known, evidence, those stored.
    with django_assert_num_queries(6 + 8):
        contradictions.find_contradictions(claim_ids=made, now=LATER)


def test_the_words_by_which_claims_are_found_follow_the_text():
    claim = drafted("The pier has 12 berths.")
    assert set(CountedWord.objects.values_list("key", flat=True)) == {"berth berth", "berth pier"}

    reworded(claim, "The quay has 12 cranes.")

    assert set(CountedWord.objects.values_list("key", flat=True)) == {"crane crane", "crane quay"}


def test_a_claim_is_compared_with_a_bounded_number_of_others(monkeypatch):
    monkeypatch.setattr(contradictions, "ALIKE_LIMIT", 2)
    for berths in (12, 14, 16, 18):
        drafted(f"The pier has {berths} berths.")

    # The second meets one, the third and the fourth the two newest.
    assert Contradiction.objects.count() == 1 + 2 + 2


# -- the desk and the API ------------------------------------------------------------------------------------------


def desk_page(claim: Claim) -> str:
    return reverse("desk-claim", args=[claim.code])


def test_the_claim_page_shows_a_contradiction_with_its_sentence_on_both_sides():
    first = drafted("The harbour counted 412 arrivals in May.")
    second = drafted("The harbour office recorded 430 arrivals in May.")
    at_desk = signed_in(ReviewerFactory())

    for claim, other in ((first, second), (second, first)):
        page = at_desk.get(desk_page(claim)).content.decode()
        assert f"{first.code} says 412 arrivals; {second.code} says 430 arrivals." in page
        assert f'href="{desk_page(other)}"' in page and "Unexplained" in page


def test_a_reviewer_explains_it_on_the_page_and_takes_it_back():
    claim, at_desk = at_odds(), signed_in(ReviewerFactory())
    found = Contradiction.objects.get()
    sent = {"claim": claim.code, "reason": "One counts crews."}

    answer = at_desk.post(reverse("desk-contradiction-explain", args=[found.pk]), sent)

    assert answer.url == f"{desk_page(claim)}#contradictions"
    assert "One counts crews." in at_desk.get(desk_page(claim)).content.decode()
    at_desk.post(reverse("desk-contradiction-restore", args=[found.pk]), {"claim": claim.code})
    found.refresh_from_db()
    assert found.is_open


def test_an_explanation_without_a_reason_is_refused_beside_its_field():
    claim, at_desk = at_odds(), signed_in(ReviewerFactory())

    answer = at_desk.post(
        reverse("desk-contradiction-explain", args=[Contradiction.objects.get().pk]), {"claim": claim.code}
    )

    assert answer.status_code == 409 and "Say in a sentence why both figures can stand." in answer.content.decode()


def test_an_explanation_from_the_other_side_leads_back_there():
    drafted("The pier has 12 berths.")
    second, at_desk = drafted("The pier has 14 berths."), signed_in(ReviewerFactory())
    sent = {"claim": second.code, "reason": "After the storm."}

    answer = at_desk.post(reverse("desk-contradiction-explain", args=[Contradiction.objects.get().pk]), sent)

    assert answer.url.startswith(desk_page(second))


def test_the_publish_form_warns_of_another_claim_and_stands_back_for_its_own_evidence():
    lead = signed_in(DeskLeadFactory())
    own = decided(at_odds())
    page = lead.get(desk_page(own)).content.decode()
    assert "gives another figure: say under Contradictions" in page and "Publish this revision" not in page

    dismissed(Contradiction.objects.get())
    drafted("The harbour office recorded 430 arrivals in May.")

    page = lead.get(desk_page(own)).content.decode()
    assert "Another claim gives another figure" in page and "Publish this revision" in page


def test_the_desk_reads_contradictions_over_http_and_nobody_else_does(client):
    claim = at_odds()
    other = drafted("The harbour office recorded 430 arrivals in May.")
    address = f"/api/v1/claims/{claim.code}/contradictions"

    rows = signed_in(ReviewerFactory()).get(address).json()

    assert {(row["other_claim"], row["evidence"]) for row in rows} == {
        (other.code, None),
        (None, claim.evidence.get().pk),
    }
    assert all(row["is_open"] and row["reason"] for row in rows)
    assert client.get(address).status_code == 401
    assert signed_in(EditorFactory()).get(address).status_code == 403


def test_the_claim_page_asks_the_same_number_of_queries_for_more_contradictions(django_assert_max_num_queries):
    claim, at_desk = drafted("The pier has 12 berths."), signed_in(ReviewerFactory())
    drafted("The pier has 14 berths.")
    at_desk.get(desk_page(claim))
    with CaptureQueriesContext(connection) as one:
        at_desk.get(desk_page(claim))
    asked = len(one)
    for berths in (16, 18, 20):
        drafted(f"The pier has {berths} berths.")
    at_desk.get(desk_page(claim))  # takes the new claims into the index, which whoever comes first does

    with django_assert_max_num_queries(asked):
        at_desk.get(desk_page(claim))
