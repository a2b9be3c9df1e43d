"""Attaching evidence on the claim page: from a source chosen or registered, by selected words."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import Evidence
from claims.services import evidence as evidence_service
from sources.models import Source
from tests.factories import (
    NOW,
    PAGE,
    PASSAGE,
    ApiClientFactory,
    ClaimFactory,
    ReviewerFactory,
    SnapshotFactory,
    SourceFactory,
    decided,
    with_evidence,
)

pytestmark = pytest.mark.django_db


def body(answer):
    return html.unescape(answer.content.decode())


def attach(client, claim, snapshot, **given):
    sent = {"snapshot": snapshot.pk, "quote": PASSAGE, "stance": "supports", "note": "", **given}
    return client.post(reverse("desk-evidence-attach", args=[claim.code]), sent)


def test_a_selected_passage_is_attached_with_its_stance_and_note(at_desk, reviewer):
    claim, snapshot = ClaimFactory(), SnapshotFactory()

    attach(at_desk, claim, snapshot, note="Its own count.")

    item = claim.evidence.get()
    assert (item.quote, item.stance, item.note) == (PASSAGE, "supports", "Its own count.")
    assert item.accepted_by == reviewer


def test_of_two_equal_sentences_the_selected_one_is_attached(at_desk, monkeypatch):
    text = "It rained. Nobody came.\n\nIt rained. Everybody came."
    claim, snapshot = ClaimFactory(), SnapshotFactory(text=text)
    seen = {}

    def watched(**given):
        seen.update(given)
        return original(**given)

    original = evidence_service.attach_evidence
    monkeypatch.setattr(evidence_service, "attach_evidence", watched)
    start = text.rindex("It rained.")
    attach(at_desk, claim, snapshot, quote="It rained.", start=start, end=start + 10)

    assert seen["prefix"].endswith("Nobody came.\n\n")
    assert seen["suffix"].startswith(" Everybody came.")


def test_the_reader_shows_the_newest_readable_text(at_desk):
    claim, snapshot = ClaimFactory(), SnapshotFactory(text="Two <b>bold</b> ships came in. Three left.")

    answer = at_desk.get(reverse("desk-claim", args=[claim.code]), {"source": snapshot.source_id})

    assert "Two &lt;b&gt;bold&lt;/b&gt; ships came in." in answer.content.decode()
    assert answer.context["attach"]["snapshot"].value() == snapshot.pk


def test_words_that_are_not_there_are_refused_with_the_nearest_passage(at_desk):
    claim, snapshot = ClaimFactory(), SnapshotFactory()
    wrong = PASSAGE.replace("412", "512")

    answer = attach(at_desk, claim, snapshot, quote=wrong, note="Kept note.")

    assert answer.status_code == 400
    assert wrong in body(answer) and "Kept note." in body(answer)
    assert "Take this passage" in body(answer)
    assert answer.context["attach"].errors["quote"]

    attach(at_desk, claim, snapshot, quote=wrong, take=PASSAGE)
    assert claim.evidence.get().quote == PASSAGE


@pytest.mark.parametrize(
    ("given", "field"),
    [({"stance": ""}, "stance"), ({"stance": "proves"}, "stance"), ({"quote": " "}, "quote")],
)
def test_what_is_missing_is_said_beside_its_field(given, field, at_desk):
    claim, snapshot = ClaimFactory(), SnapshotFactory()

    answer = attach(at_desk, claim, snapshot, note="Kept note.", **given)

    assert answer.context["attach"].errors[field]
    assert "Kept note." in body(answer)
    assert not claim.evidence.exists()


def test_the_same_passage_twice_is_refused(at_desk):
    claim, snapshot = ClaimFactory(), SnapshotFactory()
    attach(at_desk, claim, snapshot)

    answer = attach(at_desk, claim, snapshot)

    assert answer.status_code == 409
    assert "attached to the claim already" in body(answer)


def test_a_completed_claim_takes_no_evidence(at_desk):
    claim, snapshot = decided(), SnapshotFactory(text="Another text, about 7 ships.")

    answer = attach(at_desk, claim, snapshot, quote="about 7 ships")

    assert answer.status_code == 409
    assert claim.evidence.count() == 1


def test_a_stance_is_changed_at_its_version(at_desk):
    item = with_evidence().evidence.get()
    address = reverse("desk-evidence-stance", args=[item.pk])

    at_desk.post(address, {"version": 1, "stance": "refutes", "note": "It says the opposite."})
    item.refresh_from_db()
    assert (item.stance, item.note, item.version) == ("refutes", "It says the opposite.", 2)

    stale = at_desk.post(address, {"version": 1, "stance": "context", "note": "My late note."})
    assert stale.status_code == 412
    assert "My late note." in body(stale)
    item.refresh_from_db()
    assert item.stance == "refutes"


def test_a_proposal_waits_for_a_persons_stance(at_desk):
    claim, snapshot = ClaimFactory(), SnapshotFactory()
    evidence_service.attach_evidence(
        claim_id=claim.pk, snapshot_id=snapshot.pk, quote=PASSAGE, stance="refutes", by=ApiClientFactory(), now=NOW,
        is_proposal=True,
    )  # fmt: skip

    answer = at_desk.get(reverse("desk-claim", args=[claim.code]))

    assert "Proposed: refutes" in body(answer)
    assert answer.context["step"].words == "Set the stance of what was proposed"


def test_a_passage_is_removed_and_stays_in_the_history(at_desk):
    claim = with_evidence()

    at_desk.post(reverse("desk-evidence-remove", args=[claim.evidence.get().pk]))

    assert not claim.evidence.exists()
    assert Evidence.history.filter(claim_id=claim.pk, history_type="-").count() == 1


def test_a_source_is_found_by_its_words(at_desk):
    claim = ClaimFactory()
    SourceFactory(title="Harbour report")
    SourceFactory(title="Budget speech")

    answer = at_desk.get(reverse("desk-claim", args=[claim.code]), {"find": "budget"})

    assert [source.title for source in answer.context["found"]] == ["Budget speech"]


def test_a_new_address_is_registered_and_looked_at(at_desk, monkeypatch, reviewer, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("celery.Celery.send_task", lambda app, name, kwargs, **_: sent.append(kwargs))
    claim = ClaimFactory()

    with django_capture_on_commit_callbacks(execute=True):
        answer = at_desk.post(
            reverse("desk-evidence-source", args=[claim.code]),
            {"by": "address", "url": "https://tidewater.example/report"},
            follow=True,
        )

    source = Source.objects.get(url="https://tidewater.example/report")
    assert sent == [{"source_id": source.pk, "requested_by": reviewer.pk}]
    assert "Being read…" in body(answer)


def test_a_document_is_pasted_or_uploaded_as_a_source(at_desk):
    claim = ClaimFactory()
    address = reverse("desk-evidence-source", args=[claim.code])
    file = SimpleUploadedFile("minutes.txt", b"The minutes of May say 12 ships.", content_type="text/plain")

    pasted = at_desk.post(address, {"by": "paste", "text": PAGE, "title": "Harbour minutes"}, follow=True)
    at_desk.post(address, {"by": "file", "file": file, "title": "Minutes"})

    assert pasted.context["reader"].text == PAGE
    assert set(Source.objects.values_list("title", flat=True)) == {"Harbour minutes", "Minutes"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"by": "address", "url": "http://localhost/x"}, ("address", "url")),
        ({"by": "paste", "text": " ", "title": "Kept title"}, ("paste", "text")),
        ({"by": "file"}, ("file", "file")),
    ],
)
def test_a_source_that_cannot_be_taken_in_is_refused_beside_its_field(given, field, at_desk):
    claim = ClaimFactory()

    answer = at_desk.post(reverse("desk-evidence-source", args=[claim.code]), given)

    form, name = field
    assert answer.status_code == 400
    assert answer.context["new_source"][form].errors[name]
    assert given.get("title", "") in body(answer)
    assert not Source.objects.exists()


def test_the_page_asks_the_same_number_of_queries_for_more_evidence(at_desk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    claim = ClaimFactory(drafted_by=ReviewerFactory())
    address = reverse("desk-claim", args=[claim.code])
    counts = []
    for wanted in (2, 12):
        while claim.evidence.count() < wanted:
            with_evidence(claim, snapshot=SnapshotFactory())
        at_desk.get(address)
        with CaptureQueriesContext(connection) as seen:
            at_desk.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]
