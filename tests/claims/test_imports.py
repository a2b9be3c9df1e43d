"""Imports: what comes in, once, whole or resumed; what is refused; what can be taken back."""

import json
from datetime import timedelta

import pytest

from claims.errors import ImportMoveRefused, ImportRefused, ImportTooLarge, ImportTypeRefused, NotPermitted
from claims.models import Claim, Claimant, Figure, Import, Topic
from claims.services import claims as claim_services
from claims.services import import_undo, import_writing, importing
from sources.errors import SourceRefused
from sources.models import Snapshot, Source
from sources.services.passages import QUOTE_ALONE
from tests.claims.import_files import REVIEWS, TABLE, begin, bring_in, clock, feed, told
from tests.factories import NOW, ClaimFactory, DeskLeadFactory, EditorFactory, SnapshotFactory, SourceFactory
from tests.fakes import Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return DeskLeadFactory()


def test_nothing_is_written_before_a_person_says_so(lead):
    run = begin(TABLE, lead)

    assert run.state == Import.State.CHECKED
    assert (run.preview["new"], run.preview["claimants"], run.preview["topics"]) == (2, 2, ["Seats"])
    assert [row["text"] for row in run.preview["rows"]] == [
        "The list lost 28 of 48 seats.",
        "Ferries carried 412 cars.",
    ]
    importing.run_imports(clock=clock)
    assert not Claim.objects.exists() and not Claimant.objects.exists() and not Topic.objects.exists()


def test_claims_come_in_as_drafts_with_figures_and_one_entry_of_history_each(lead):
    run = bring_in(TABLE, lead)

    assert (run.state, run.new_count, run.known_count, run.refused_count) == (Import.State.DONE, 2, 0, 0)
    claim = Claim.objects.get(text="The list lost 28 of 48 seats.")
    assert (claim.workflow, claim.citability, claim.version) == ("unstarted", "not_citable", 1)
    assert (claim.drafted_by, claim.context, claim.created_at) == (lead, "2005", NOW)
    assert [str(one) for one in claim.claimants.all()] == ["Ann", "Bo"]
    assert [(figure.low, figure.whole) for figure in claim.figures.all()] == [(28, 48)]
    (entry,) = claim.history.all()
    assert (entry.history_type, entry.history_change_reason, entry.history_user) == ("+", "imported", lead)
    assert entry.text == claim.text and entry.history_date == NOW
    assert [kept.topic.name for kept in entry.topics.all()] == ["Seats"]
    assert {kept.claimant.name for kept in entry.claimants.all()} == {"Ann", "Bo"}


def test_what_is_imported_can_be_worked_on_like_any_other_claim(lead):
    bring_in(TABLE, lead)
    claim = Claim.objects.first()

    edited = claim_services.edit_claim(claim_id=claim.pk, version=1, text="It lost 27.", by=lead, now=NOW)

    assert (edited.version, edited.history.count()) == (2, 2)


def test_the_same_file_again_changes_nothing(lead):
    bring_in(TABLE, lead)
    before = list(Claim.objects.order_by("pk").values())

    again = bring_in(TABLE, lead)
    turned = bring_in(b"context,text,topics,claimants\n2005,The list lost 28 of 48 seats.,Seats,Bo;Ann\n", lead)

    assert (again.new_count, again.known_count) == (0, 2)
    assert (turned.new_count, turned.known_count) == (0, 1)
    assert list(Claim.objects.order_by("pk").values()) == before


def test_a_row_that_stands_twice_in_a_file_comes_in_once(lead):
    run = begin(b"text\nThe list lost.\nThe list lost.\nThe list won.\n", lead)
    assert (run.preview["new"], run.preview["known"]) == (2, 1)

    importing.confirm_import(import_id=run.pk, by=lead, now=NOW)
    importing.run_imports(clock=clock)
    assert Claim.objects.count() == 2


def test_one_bad_row_refuses_the_whole_file(lead):
    run = begin(b"text,priority\nA fine claim.,2\nAnother.,9\n,3\n", lead)

    assert (run.state, run.refused_count) == (Import.State.REFUSED, 2)
    assert told(run) == [("row 3", "priority", "invalid_choice", False), ("row 4", "text", "blank", False)]
    with pytest.raises(ImportMoveRefused):
        importing.confirm_import(import_id=run.pk, by=lead, now=NOW)
    importing.run_imports(clock=clock)
    assert not Claim.objects.exists()


def test_the_id_of_another_claim_is_refused_and_of_the_very_claim_is_known(lead):
    claim = ClaimFactory(text="The harbour counted 412 arrivals.")

    other = begin(f"id,text\n{claim.code},Something else.\n".encode(), lead)
    same = begin(f"id,text\n{claim.code.lower()},The harbour counted 412 arrivals.\n".encode(), lead)
    foreign = begin(b"id,text\nA-17,Something else.\n", lead)

    assert told(other) == [("row 2", "id", "id_taken", False)]
    assert (same.preview["known"], same.preview["new"]) == (1, 0)
    assert (foreign.preview["known"], foreign.preview["new"]) == (0, 1)


def test_a_whole_file_stays_out_when_a_row_is_refused_by_the_time_it_comes_in(lead):
    run = begin(b"id,text\n7K3MQ9TX,Something.\n,Something else.\n", lead)
    importing.confirm_import(import_id=run.pk, by=lead, now=NOW)
    ClaimFactory(public_id="7K3MQ9TX", text="Other words.")

    importing.run_imports(clock=clock)

    run.refresh_from_db()
    assert (run.state, run.new_count) == (Import.State.REFUSED, 0)
    assert "another claim" in run.reason
    assert Claim.objects.count() == 1


def test_reviews_of_others_come_in_without_those_that_are_refused(lead):
    undated = REVIEWS[1] | {"datePublished": "nonsense"}
    run = bring_in(feed([REVIEWS[0]], None, [{"@type": "ClaimReview"}], [undated]), lead)

    assert (run.state, run.new_count, run.refused_count, run.note_count) == (Import.State.DONE, 2, 1, 2)
    assert told(run)[0] == ("dataFeedElement[2].item[0]", "claimReviewed", "required", False)
    imported = Claim.objects.get(text="The harbour counted 1 arrivals.").imported
    assert imported.review == {
        "url": "https://check.example/1", "publisher": "Tidewater Check", "rating": "False", "value": 1, "best": 5,
        "worst": 1,
    }  # fmt: skip
    assert imported.said == [{"url": "https://news.example/a"}]
    assert imported.claim.workflow == "unstarted" and not imported.claim.verdicts.exists()
    assert not imported.claim.publications.exists()


def test_a_quote_with_its_address_becomes_an_appearance_and_sends_nobody_out(lead):
    row = {"text": "Ferries carried 412 cars.", "claimants": ["Ann"]}
    said = [{"url": "https://news.example/a", "quote": "We carried 412.", "said_on": "2026-01-02", "title": "Ferries"}]
    bring_in(json.dumps([row | {"appearances": [*said, {"url": "https://news.example/b"}]}]).encode(), lead)

    claim = Claim.objects.get()
    (appearance,) = claim.appearances.all()
    assert (appearance.quote, appearance.start, appearance.end) == ("We carried 412.", 0, 15)
    assert (str(appearance.claimant), appearance.said_on.isoformat()) == ("Ann", "2026-01-02")
    source = appearance.snapshot.source
    assert (source.url, source.title, source.next_check_at) == ("https://news.example/a", "Ferries", None)
    assert appearance.snapshot.captured_by == lead and appearance.snapshot.page_class_reason == QUOTE_ALONE
    assert [entry.history_change_reason for entry in source.history.all()] == ["imported"]
    assert claim.imported.said == [{"url": "https://news.example/b"}]
    assert not Source.objects.due().exists()


def test_a_quote_of_a_document_the_desk_has_read_is_looked_for_in_it(lead):
    source = SourceFactory(url="https://news.example/a")
    SnapshotFactory(source=source, text="Older words.", fetched_at=NOW - timedelta(days=1))
    read = SnapshotFactory(source=source, text="The report. We carried 412. So it said.")
    rows = [
        {"text": text, "appearances": [{"url": "https://news.example/a", "quote": quote}]}
        for text, quote in (("A claim.", "We carried 412."), ("Another.", "We carried 500."))
    ]
    bring_in(json.dumps(rows).encode(), lead)

    (appearance,) = Claim.objects.get(text="A claim.").appearances.all()
    assert (appearance.snapshot, appearance.start) == (read, 12)
    other = Claim.objects.get(text="Another.")
    assert not other.appearances.exists()
    assert other.imported.said[0]["quote"] == "We carried 500."
    assert Snapshot.objects.filter(source=source).count() == 2


def test_figures_that_a_file_gives_are_taken_and_not_read(lead):
    rows = [
        {"text": "It lost 28 seats.", "figures": [{"low": "27.5", "high": 30, "unit": "seats", "qualifier": "about"}]},
        {"text": "It lost 29 seats.", "figures": []},
    ]
    bring_in(json.dumps(rows).encode(), lead)

    (figure,) = Figure.objects.all()
    assert (float(figure.low), figure.high, figure.unit, figure.qualifier) == (27.5, 30, "seats", "about")


def test_names_in_every_script_get_addresses_of_their_own(lead):
    Claimant.objects.create(name="ann", slug="ann")
    names = ["Ann", "ANN!", "نادر", "陈", "🎈", "O'Brien; Sons"]
    bring_in(json.dumps([{"text": f"Claim of {name}", "claimants": [name]} for name in names]).encode(), lead)

    made = Claimant.objects.filter(claims__isnull=False)
    assert {one.name for one in made} == set(names)
    assert len({one.slug for one in Claimant.objects.all()}) == len(names) + 1
    assert all(one.get_absolute_url() for one in made)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"PK\x03\x04" + b"x" * 50, ImportTypeRefused),
        (b"text\n" + b"x" * (10 * 2**20), ImportTooLarge),
    ],
)
def test_a_file_of_another_kind_or_size_is_not_kept_at_all(lead, content, refusal):
    with pytest.raises(refusal):
        begin(content, lead)
    assert not Import.objects.exists()


def test_an_upload_has_a_row_limit(lead, monkeypatch):
    monkeypatch.setattr(importing, "ROW_LIMIT", 3)

    run = begin(b"text\n" + b"".join(b"Claim %d.\n" % number for number in range(5)), lead)

    assert run.state == Import.State.REFUSED
    assert told(run) == [("row 5", "", "too_many_rows", False)]


def test_the_answers_problems_name_row_and_column(lead):
    looked = importing.look_through_upload(content=b"text,priority\nA.,9\n", by=lead)

    with pytest.raises(ImportRefused) as refused:
        importing.refuse_faults(looked)

    (problem,) = refused.value.facts["problems"]
    assert (problem["row"], problem["column"], problem["code"]) == (2, "priority", "invalid_choice")


def test_only_who_works_at_the_desk_imports(lead):
    run = begin(TABLE, lead)
    editor = EditorFactory()
    for refused in (
        lambda: begin(TABLE, editor),
        lambda: importing.confirm_import(import_id=run.pk, by=editor, now=NOW),
        lambda: importing.cancel_import(import_id=run.pk, by=editor, now=NOW),
        lambda: importing.start_fetch(url="https://a.example/", by=editor, now=NOW),
        lambda: import_undo.undo_import(import_id=run.pk, by=editor, now=NOW),
    ):
        with pytest.raises(NotPermitted):
            refused()


def test_the_name_of_a_file_plays_no_part(lead, settings):
    looked = importing.look_through_upload(content=TABLE, by=lead)
    run = importing.start_upload(content=TABLE, looked=looked, name="../../x.zip", by=lead, now=NOW)

    assert run.name == "x.zip"
    assert run.file.name.startswith("imports/") and "x.zip" not in run.file.name


def test_what_was_cancelled_is_gone_and_stays_out(lead):
    run = begin(TABLE, lead)
    storage, name = run.file.storage, run.file.name

    importing.cancel_import(import_id=run.pk, by=lead, now=NOW)
    importing.run_imports(clock=clock)

    run.refresh_from_db()
    assert run.state == Import.State.CANCELLED
    assert not storage.exists(name)
    assert not Claim.objects.exists()


# -- from an address ------------------------------------------------------------------------------------
def test_a_page_at_an_address_is_fetched_looked_through_and_waits(lead, web):
    page = f'<html><script type="application/ld+json">{json.dumps(REVIEWS[0])}</script></html>'
    web.pages["/check"] = Answer(page)
    run = importing.start_fetch(url=web.url("/check"), by=lead, now=NOW)

    importing.run_imports(clock=clock)

    run.refresh_from_db()
    assert (run.state, run.file_format, run.preview["new"]) == (Import.State.CHECKED, "page", 1)
    assert not Claim.objects.exists()
    importing.confirm_import(import_id=run.pk, by=lead, now=NOW)
    importing.run_imports(clock=clock)
    assert Claim.objects.get().imported.review["rating"] == "False"


@pytest.mark.parametrize(("path", "said"), [("/nothing", ""), ("/text", "no ClaimReview"), ("/zip", "zip archive")])
def test_an_address_without_claims_says_so(lead, web, path, said):
    web.says("/text", "Nothing here.")
    web.pages["/zip"] = Answer("PK\x03\x04zz")
    run = importing.start_fetch(url=web.url(path), by=lead, now=NOW)

    importing.run_imports(clock=clock)

    run.refresh_from_db()
    assert run.state == Import.State.REFUSED
    assert said in run.reason and run.reason


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "file:///etc/passwd", "javascript:alert(1)", ""])
def test_an_address_that_may_not_be_fetched_is_refused_at_once(lead, url):
    with pytest.raises(SourceRefused):
        importing.start_fetch(url=url, by=lead, now=NOW)
    assert not Import.objects.exists()


# -- undo ---------------------------------------------------------------------------------------------------
def test_an_import_can_be_taken_back_and_come_in_again(lead):
    run = bring_in(TABLE, lead)
    other = ClaimFactory()

    import_undo.undo_import(import_id=run.pk, by=lead, now=NOW)
    importing.run_imports(clock=clock)

    run.refresh_from_db()
    assert (run.state, run.undone_count, run.undone_by) == (Import.State.UNDONE, 2, lead)
    assert list(Claim.objects.all()) == [other]
    gone = Claim.history.filter(history_type="-")
    assert {entry.history_user for entry in gone} == {lead} and gone.count() == 2
    assert bring_in(TABLE, lead).new_count == 2


@pytest.mark.parametrize("touch", ["edited", "assigned", "noted", "dropped"])
def test_an_import_stays_once_somebody_worked_on_a_claim_of_it(lead, touch):
    run = bring_in(TABLE, lead)
    claim = Claim.objects.last()
    how = {"claim_id": claim.pk, "now": NOW}
    match touch:
        case "edited":
            claim_services.edit_claim(**how, version=1, priority=1, by=lead)
        case "assigned":
            claim_services.assign_claim(**how, to=lead, by=lead)
        case "noted":
            claim_services.add_note(**how, author=lead, text="See the archive.")
        case "dropped":
            claim_services.drop_claim(**how, reason="Not checkable.", by=lead)

    with pytest.raises(ImportMoveRefused, match="1 of its claims was worked on"):
        import_undo.undo_import(import_id=run.pk, by=lead, now=NOW)
    assert Claim.objects.count() == 2


def test_an_import_that_brought_nothing_has_nothing_to_take_back(lead):
    bring_in(TABLE, lead)
    again = bring_in(TABLE, lead)

    with pytest.raises(ImportMoveRefused):
        import_undo.undo_import(import_id=again.pk, by=lead, now=NOW)


def test_public_ids_of_a_batch_are_free_and_different(monkeypatch):
    ClaimFactory(public_id="7K3MQ9TX")
    drawn = iter([["7K3MQ9TX", "AAAAAAAA"], ["BBBBBBBB"], ["CCCCCCCC"]])
    monkeypatch.setattr(import_writing.public_ids, "several", lambda count: next(drawn))

    assert sorted(import_writing._free_ids(2)) == ["AAAAAAAA", "BBBBBBBB"]


def test_bulk_rows_take_keys_that_no_row_had_before(lead):
    """A key that was given and deleted is not given again, and the ORM goes on after those that were taken."""
    bring_in(TABLE, lead)
    last = Claim.objects.order_by("pk").last()
    highest = last.pk
    run = Import.objects.get()
    import_undo.undo_import(import_id=run.pk, by=lead, now=NOW)
    importing.run_imports(clock=clock)

    bring_in(b"text\nAnother.\n", lead)
    by_hand = ClaimFactory()

    assert Claim.objects.get(text="Another.").pk > highest
    assert by_hand.pk > Claim.objects.get(text="Another.").pk
