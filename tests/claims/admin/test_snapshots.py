"""Snapshots at the desk: one to read, its bytes to take away, any two compared, all of them in time."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse

from claims.formats.document import passage_document
from sources.models import ArchiveLookup, SourceCheck
from sources.services.snapshots import capture_file, capture_text
from sources.warc import read_capture
from tests.factories import NOW, PAGE, PASSAGE, ReviewerFactory, SnapshotFactory, SourceFactory, with_evidence
from tests.sources.test_parsing import pdf

pytestmark = pytest.mark.django_db

PAYLOAD = "<script>alert(1)</script>"


def body(answer, status=200):
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def address(snapshot, name="desk-snapshot"):
    return reverse(name, args=[snapshot.source_id, snapshot.pk])


def compared(client, source, **chosen):
    return client.get(reverse("desk-source-differences", args=[source.pk]), chosen)


def looked(source, attempt, outcome="ok", **more):
    more = {"link_state": "live", "checked_at": NOW + timedelta(hours=attempt), **more}
    return SourceCheck.objects.create(source=source, attempt=attempt, outcome=outcome, **more)


def test_a_snapshot_is_read_with_its_quotes_marked_and_its_facts(at_desk):
    claim = with_evidence()
    snapshot = claim.evidence.get().snapshot

    answer = at_desk.get(address(snapshot))

    assert f'id="quote-{claim.code}"' in body(answer)
    assert snapshot.text_sha256 in body(answer)
    marked = [piece.text for sheet in answer.context["sheets"] for piece in sheet.pieces if piece.mark]
    assert marked == [PASSAGE]


def test_a_pdf_is_read_page_by_page(at_desk):
    source = SourceFactory()
    snapshot = capture_file(
        source=source, content=pdf(b"One", b"412 ships"), name="r.pdf", content_type="", by=ReviewerFactory(), now=NOW
    )

    page = body(at_desk.get(address(snapshot)))

    assert page.index('id="page-1"') < page.index("One") < page.index('id="page-2"') < page.index("412 ships")
    assert 'href="#page-2"' in page


def test_a_quote_from_a_pdf_says_its_page_at_the_desk_and_in_public(at_desk, client):
    snapshot = SnapshotFactory(text=f"A title\n{PAGE}", page_starts=[0, 8])
    claim = with_evidence(snapshot=snapshot)
    quoted = claim.evidence.get()

    assert "Page 2 of the document" in body(at_desk.get(reverse("desk-claim", args=[claim.code])))
    public = passage_document(quoted)
    assert (public["page"], public["deep_link"]) == (2, f"{snapshot.source.url}#page=2")


def test_what_nobody_sees_is_shown_and_what_is_markup_is_text(at_desk):
    snapshot = SnapshotFactory(text=f"se\u200bats and \u202e82 {PAYLOAD}", title=PAYLOAD, author=PAYLOAD)

    raw = at_desk.get(address(snapshot)).content.decode()

    assert PAYLOAD not in raw
    assert 'data-sign="U+200B" title="zero width space"' in raw
    assert 'data-sign="U+202E" title="right-to-left override"' in raw


def test_the_main_text_is_shown_as_a_guess(at_desk):
    snapshot = SnapshotFactory(text=f"Menu\n{PAGE}", main_text="Only the article.")

    page = body(at_desk.get(address(snapshot), {"text": "main"}))

    assert "Only the article." in page and "guess" in page
    assert "Menu\n" not in page


def test_the_capture_is_a_file_that_no_browser_opens(at_desk):
    snapshot = capture_text(source=SourceFactory(), text=PAYLOAD, by=ReviewerFactory(), now=NOW)

    answer = at_desk.get(address(snapshot, "desk-snapshot-capture"))

    assert read_capture(b"".join(answer.streaming_content)).decode() == PAYLOAD
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_capture_that_is_not_there_is_not_found(at_desk):
    without = SnapshotFactory()
    lost = capture_text(source=SourceFactory(), text="412", by=ReviewerFactory(), now=NOW)
    lost.capture.storage.delete(lost.capture.name)

    assert at_desk.get(address(without, "desk-snapshot-capture")).status_code == 404
    assert at_desk.get(address(lost, "desk-snapshot-capture")).status_code == 404


def test_a_snapshot_of_another_source_is_not_found(at_desk):
    snapshot, other = SnapshotFactory(), SourceFactory()

    assert at_desk.get(reverse("desk-snapshot", args=[other.pk, snapshot.pk])).status_code == 404
    assert compared(at_desk, other, to=snapshot.pk).status_code in (302, 404)
    assert compared(at_desk, snapshot.source, to="x").status_code == 404
    assert compared(at_desk, snapshot.source, to="9" * 17).status_code == 404


def test_the_newest_two_are_compared_unless_others_are_chosen(at_desk):
    source = SourceFactory()
    texts = [PAGE, PAGE.replace("412", "409"), PAGE.replace("412", "401")]
    first, second, third = (
        SnapshotFactory(source=source, text=text, fetched_at=NOW + timedelta(days=day))
        for day, text in enumerate(texts)
    )

    by_itself = compared(at_desk, source).content.decode()
    chosen = compared(at_desk, source, **{"from": first.pk, "to": third.pk}).content.decode()
    backwards = body(compared(at_desk, source, **{"from": third.pk, "to": first.pk}))

    assert "<del><b>409</b></del><ins><b>401</b></ins>" in by_itself
    assert "<del><b>412</b></del><ins><b>401</b></ins>" in chosen
    assert f'<option value="{second.pk}"' in chosen
    assert "The older of the two stands on the right" in backwards
    assert "one and the same snapshot" in body(compared(at_desk, source, **{"from": first.pk, "to": first.pk}))


def test_a_long_stretch_without_a_change_is_folded_and_markup_is_text(at_desk):
    filler = "Nothing of note was said here. " * 100
    source = SourceFactory()
    SnapshotFactory(source=source, text=f"{filler}28 {PAYLOAD}", fetched_at=NOW)
    SnapshotFactory(source=source, text=f"{filler}27 {PAYLOAD} {PAYLOAD}", fetched_at=NOW + timedelta(days=1))

    page = compared(at_desk, source).content.decode()

    assert "580 words unchanged" in page
    assert PAYLOAD not in page


def test_one_snapshot_has_nothing_to_be_compared_with(at_desk):
    assert "nothing to compare" in body(compared(at_desk, SnapshotFactory().source))
    assert compared(at_desk, SourceFactory()).status_code == 302


def test_the_timeline_tells_looks_changes_failures_walls_and_captures_by_hand(at_desk):
    source = SourceFactory()
    first = SnapshotFactory(source=source, fetched_at=NOW)
    looked(source, 1, snapshot=first, page_class="article")
    looked(source, 2, "unchanged", snapshot=first, page_class="article")
    looked(source, 3, "unchanged", snapshot=first, page_class="article")
    looked(source, 4, "timeout", link_state="failing")
    wall = SnapshotFactory(source=source, page_class="captcha", fetched_at=NOW + timedelta(hours=5))
    looked(source, 5, snapshot=wall, page_class="captcha", has_changed=True, link_state="blocked")
    capture_text(source=source, text="By hand.", by=ReviewerFactory(), now=NOW + timedelta(hours=6))
    changed = SnapshotFactory(source=source, text="New.", fetched_at=NOW + timedelta(hours=7))
    looked(source, 7, snapshot=changed, page_class="article", has_changed=True)

    answer = at_desk.get(reverse("desk-source-timeline", args=[source.pk]))

    kinds = [event.kind for event in answer.context["events"]]
    assert kinds == ["changed", "hand", "wall", "failed", "same", "same"]
    assert [event.kind for event in answer.context["strip"]][:3] == ["same", "same", "same"]
    assert f"?to={changed.pk}" in body(answer)


def test_a_long_timeline_has_pages_and_a_bounded_number_of_queries(at_desk, django_assert_max_num_queries):
    source = SourceFactory()
    snapshot = SnapshotFactory(source=source)
    for attempt in range(1, 61):
        looked(source, attempt, "ok" if attempt % 2 else "timeout", snapshot=snapshot if attempt % 2 else None)

    with django_assert_max_num_queries(20):
        first = at_desk.get(reverse("desk-source-timeline", args=[source.pk]))
    last = at_desk.get(reverse("desk-source-timeline", args=[source.pk]), {"page": "99"})

    assert (len(first.context["events"]), len(last.context["events"])) == (25, 10)
    assert "Page 1 of 3" in body(first)
    assert body(first).count('class="strip__one ') == 25


def test_an_archived_copy_is_asked_for_by_a_button_where_an_archive_is_named(
    at_desk, reviewer, settings, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr("celery.Celery.send_task", lambda app, name, kwargs, **_: sent.append((name, kwargs)))
    source = SourceFactory()
    assert "Look for an archived copy" not in body(at_desk.get(source.get_absolute_url()))
    settings.MEMENTO_TIMEMAP = "https://archive.example/{url}"
    assert "Look for an archived copy" in body(at_desk.get(source.get_absolute_url()))

    with django_capture_on_commit_callbacks(execute=True):
        answer = at_desk.post(reverse("desk-source-copies", args=[source.pk]), follow=True)

    assert sent == [("sources.tasks.find_copies", {"source_id": source.pk})]
    assert ArchiveLookup.objects.get().asked_by == reviewer
    assert "no answer yet" in body(answer)


def test_copies_that_were_found_are_links_that_open_elsewhere(at_desk):
    source = SourceFactory()
    source.archived_copies.create(url="https://archive.example/1/a", archived_at=NOW, found_at=NOW)

    page = body(at_desk.get(source.get_absolute_url()))

    assert '<a class="url" href="https://archive.example/1/a" rel="nofollow ugc noopener noreferrer"' in page


@pytest.mark.parametrize("name", ["desk-source-timeline", "desk-source-differences"])
def test_a_visitor_sees_no_source_of_the_desk(name, client):
    snapshot = SnapshotFactory()

    assert client.get(reverse(name, args=[snapshot.source_id])).status_code == 302
    assert client.get(address(snapshot)).status_code == 302
    assert client.get(address(snapshot, "desk-snapshot-capture")).status_code == 302
