"""The source page: how it fares, what it said, what rests on it; looked at by a button, edited at a version."""

import html
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sources.models import Source, SourceCheck
from sources.services.leases import leased
from tests.factories import NOW, PAGE, SnapshotFactory, SourceFactory, with_evidence

pytestmark = pytest.mark.django_db


def body(answer):
    return html.unescape(answer.content.decode())


def sent_edit(source, **changes):
    return {"version": source.version, "title": source.title, "kind": source.kind, "author": "", **changes}


def test_the_page_shows_state_times_text_and_claims(at_desk):
    claim = with_evidence()
    source = claim.evidence.get().snapshot.source
    source.next_check_at, source.next_check_reason = timezone.now() + timedelta(seconds=18), "new to the desk"
    source.save()

    page = body(at_desk.get(source.get_absolute_url()))

    assert claim.code in page
    assert "Weather was mild." in page
    assert "new to the desk" in page
    assert "the waits are seconds" not in page


def test_a_demo_says_that_its_waits_are_seconds(at_desk, settings):
    settings.DEMO = True
    source = SourceFactory(next_check_at=timezone.now() + timedelta(seconds=18), next_check_reason="new to the desk")

    assert "the waits are seconds, by setting" in body(at_desk.get(source.get_absolute_url()))


def test_check_now_is_handed_to_a_worker_and_the_page_waits(
    at_desk, reviewer, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr("celery.Celery.send_task", lambda app, name, kwargs, **_: sent.append(kwargs))
    source = SourceFactory()

    with django_capture_on_commit_callbacks(execute=True):
        answer = at_desk.post(reverse("desk-source-check", args=[source.pk]), follow=True)

    assert sent == [{"source_id": source.pk, "requested_by": reviewer.pk}]
    assert "Queued; a worker takes it in a moment." in body(answer)
    source.refresh_from_db()
    assert source.next_check_at is not None


def test_the_waiting_page_is_told_how_far_the_look_is(at_desk):
    source = SourceFactory(next_check_at=NOW)

    def told():
        answer = at_desk.get(reverse("desk-source-state", args=[source.pk])).json()
        return answer["state"], answer["progress"]

    assert told() == ("0", "queued")
    with leased(source_ids=[source.pk]):
        assert told() == ("0", "looking")
    Source.objects.update(lease_expires_at=None, next_check_at=None)
    check = SourceCheck.objects.create(source=source, attempt=1, checked_at=NOW, outcome="ok", link_state="live")
    assert told() == (str(check.pk), "read")


def test_looks_that_found_the_same_stand_together(at_desk):
    source = SourceFactory()
    for minute, outcome in enumerate(["ok", "unchanged", "unchanged", "unchanged"]):
        SourceCheck.objects.create(
            source=source,
            attempt=minute + 1,
            checked_at=NOW + timedelta(minutes=minute),
            outcome=outcome,
            link_state="live",
        )

    page = body(at_desk.get(source.get_absolute_url()))

    assert page.count("<strong>unchanged</strong>") == 1
    assert f"The same 2 times before, since {NOW + timedelta(minutes=1):%-d %b %Y, %H:%M:%S}." in page
    assert page.count("<strong>ok</strong>") == 1


def test_a_check_that_arrived_ends_the_waiting(at_desk):
    source = SourceFactory()
    check = SourceCheck.objects.create(source=source, attempt=1, checked_at=NOW, outcome="ok", link_state="live")

    state = at_desk.get(reverse("desk-source-state", args=[source.pk])).json()
    page = body(at_desk.get(f"{source.get_absolute_url()}?after=0"))

    assert state["state"] == str(check.pk)
    assert "Looking now…" not in page


def test_without_a_broker_the_check_is_due_for_the_sweep(at_desk, monkeypatch, django_capture_on_commit_callbacks):
    def unreachable(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("celery.Celery.send_task", unreachable)
    source = SourceFactory()

    with django_capture_on_commit_callbacks(execute=True):
        at_desk.post(reverse("desk-source-check", args=[source.pk]))

    source.refresh_from_db()
    assert source.next_check_reason.startswith("asked for by")


def test_what_was_uploaded_is_not_looked_at(at_desk):
    source = SourceFactory(url="")

    answer = at_desk.post(reverse("desk-source-check", args=[source.pk]), follow=True)

    assert "no address to look at" in body(answer)


def test_details_are_edited_and_a_date_given_is_confirmed(at_desk, reviewer):
    source, wire = SourceFactory(), SourceFactory()

    at_desk.post(
        reverse("desk-source-edit", args=[source.pk]),
        sent_edit(source, title="May report", published_on="2026-05-31", is_primary="on", origin=wire.pk),
    )

    source.refresh_from_db()
    assert (source.title, source.published_on, source.is_date_confirmed) == ("May report", date(2026, 5, 31), True)
    assert (source.is_primary, source.origin, source.version) == (True, wire, 2)
    assert source.history.first().history_user == reviewer


def test_an_unconfirmed_date_stays_so_until_a_person_confirms_it(at_desk):
    source = SourceFactory(published_on=date(2026, 5, 31))

    at_desk.post(reverse("desk-source-edit", args=[source.pk]), sent_edit(source, published_on="2026-05-31"))
    source.refresh_from_db()
    assert not source.is_date_confirmed

    at_desk.post(reverse("desk-source-confirm-date", args=[source.pk]))
    source.refresh_from_db()
    assert source.is_date_confirmed


def test_a_stale_edit_is_refused_and_kept(at_desk):
    source = SourceFactory()
    mine = sent_edit(source, title="My title")
    at_desk.post(reverse("desk-source-edit", args=[source.pk]), sent_edit(source, title="Their title"))

    answer = at_desk.post(reverse("desk-source-edit", args=[source.pk]), mine)

    assert answer.status_code == 412
    assert "My title" in body(answer) and "Their title" in body(answer)
    assert answer.context["edit"]["version"].value() == 2


@pytest.mark.parametrize("origin", ["itself", "999999", str(10**30)])
def test_an_origin_that_cannot_be_is_refused_beside_its_field(origin, at_desk):
    source = SourceFactory()
    number = source.pk if origin == "itself" else origin

    answer = at_desk.post(
        reverse("desk-source-edit", args=[source.pk]), sent_edit(source, title="Kept title", origin=number)
    )

    assert answer.status_code == 400
    assert answer.context["edit"].errors["origin"]
    assert "Kept title" in body(answer)


def test_a_capture_by_hand_is_kept_and_says_so(at_desk, reviewer):
    source = SourceFactory()

    answer = at_desk.post(reverse("desk-source-capture", args=[source.pk]), {"text": PAGE}, follow=True)

    assert source.snapshots.get().captured_by == reviewer
    assert "by hand" in body(answer)


def test_an_empty_capture_is_refused_beside_its_field(at_desk):
    source = SourceFactory()

    answer = at_desk.post(reverse("desk-source-capture", args=[source.pk]), {"text": "  "})

    assert answer.status_code == 400
    assert answer.context["capture_text"].errors["text"]


def test_markup_in_a_source_is_shown_as_text(at_desk):
    payload = "<script>alert(1)</script>"
    source = SourceFactory(title=payload, author=payload, link_state_reason=payload)
    SnapshotFactory(source=source, text=f"{payload} and more")

    for address in (source.get_absolute_url(), reverse("desk-sources"), reverse("admin:sources_source_changelist")):
        assert payload not in at_desk.get(address).content.decode()


def test_sources_are_found_by_words_and_by_state(at_desk):
    SourceFactory(title="Harbour report", link_state="live")
    SourceFactory(title="Budget speech", link_state="dead")

    by_words = at_desk.get(reverse("desk-sources"), {"q": "budget"}).context["page"]
    by_state = at_desk.get(reverse("desk-sources"), {"link": "live"}).context["page"]

    assert [s.title for s in by_words] == ["Budget speech"]
    assert [s.title for s in by_state] == ["Harbour report"]
