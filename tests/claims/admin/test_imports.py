"""The pages of imports: choose, look, confirm, watch, read the report, take back."""

import html
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import Claim, Import
from claims.services import importing
from tests.factories import NOW, EditorFactory

pytestmark = pytest.mark.django_db
TABLE = b"text,claimants,topics\nThe list lost <b>28</b> of 48 seats.,Ann,Seats\nFerries carried 412 cars.,Bo,\n"


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """What workers were asked to do."""
    tasks = []
    monkeypatch.setattr("claims.admin.desk.imports.wake", lambda task: tasks.append(task))
    return tasks


def chosen(client, content, name="claims.csv"):
    form = {"by": "file", "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("desk-imports"), form, follow=True)


def words(answer):
    return html.unescape(answer.content.decode())


def test_a_file_is_looked_through_confirmed_and_its_claims_shown(at_desk, asked):
    page = words(chosen(at_desk, TABLE))
    assert "2 claims would come in" in page and "Nothing is written yet" in page
    assert "The list lost <b>28</b> of 48 seats." in page and "claims.csv" in page
    assert not Claim.objects.exists()
    run = Import.objects.get()

    page = words(at_desk.post(reverse("desk-import-confirm", args=[run.pk]), follow=True))
    assert "It is coming in." in page and asked == ["claims.tasks.run_imports"]
    state = at_desk.get(reverse("desk-import-state", args=[run.pk])).json()
    assert state == {"state": "running", "words": "0 of 2 rows"}

    importing.run_imports(clock=lambda: NOW)
    answer = at_desk.get(run.get_absolute_url())
    page = words(answer)
    assert "Its claims" in page and Claim.objects.first().code in page and "Undo…" in page
    assert "&lt;b&gt;28&lt;/b&gt;" in answer.content.decode() and "<b>28</b>" not in answer.content.decode()
    listed = words(at_desk.get(reverse("desk-imports")))
    assert "2 claims" in listed and "Done" in listed


def test_what_is_wrong_is_listed_by_row_and_column_and_downloaded(at_desk):
    answer = chosen(at_desk, b"text,priority\nA fine claim.,9\n=evil,\xc2\xa0x\n")
    page = words(answer)
    assert "Nothing of it comes in." in page
    assert "row 2" in page and "<strong><bdi>priority</bdi></strong>" in page
    run = Import.objects.get()
    report = b"".join(at_desk.get(reverse("desk-import-problems", args=[run.pk])).streaming_content).decode()
    lines = report.removeprefix("\ufeff").splitlines()
    assert lines[0] == "row,place,column,kind,code,message"
    assert lines[1].startswith("2,row 2,priority,refused,invalid_choice,")


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [(b"PK\x03\x04x", 415, "spreadsheet (XLSX)"), (None, 400, "required")],
)
def test_what_cannot_be_looked_through_is_said_beside_the_field(at_desk, content, status, said):
    form = {"by": "file"} | ({"file": SimpleUploadedFile("claims.csv", content)} if content else {})
    answer = at_desk.post(reverse("desk-imports"), form)

    assert answer.status_code == status
    assert said in words(answer)
    assert not Import.objects.exists()


def test_an_empty_file_says_so(at_desk):
    assert "The file is empty" in words(chosen(at_desk, b""))


def test_an_address_is_fetched_by_a_worker(at_desk, asked):
    page = words(at_desk.post(reverse("desk-imports"), {"by": "address", "url": "https://a.example/x"}, follow=True))
    assert "A worker fetches it" in page and asked
    refused = at_desk.post(reverse("desk-imports"), {"by": "address", "url": "http://127.0.0.1/"})
    assert refused.status_code == 400
    assert Import.objects.count() == 1


def test_an_import_is_put_aside_or_taken_back(at_desk, reviewer):
    chosen(at_desk, TABLE)
    run = Import.objects.get()
    page = words(at_desk.post(reverse("desk-import-cancel", args=[run.pk]), follow=True))
    assert "Cancelled" in page
    again = at_desk.post(reverse("desk-import-confirm", args=[run.pk]), follow=True)
    assert "there is nothing to confirm" in words(again)

    chosen(at_desk, TABLE)
    run = Import.objects.latest("pk")
    importing.confirm_import(import_id=run.pk, by=reviewer, now=NOW)
    importing.run_imports(clock=lambda: NOW)
    asks = words(at_desk.get(reverse("desk-import-undo", args=[run.pk])))
    assert "Its 2 claims are deleted again" in asks
    assert Claim.objects.count() == 2
    page = words(at_desk.post(reverse("desk-import-undo", args=[run.pk]), follow=True))
    assert "Its claims are being deleted." in page
    importing.run_imports(clock=lambda: NOW)
    assert "2 claims deleted by Ada Okafor" in words(at_desk.get(run.get_absolute_url()))


def test_reviews_of_others_say_whose_verdict_they_came_with(at_desk, reviewer):
    review = {
        "@type": "ClaimReview", "claimReviewed": "Ferries carried 412 cars.", "author": {"name": "Tidewater Check"},
        "reviewRating": {"alternateName": "False"}, "url": "https://check.example/1",
    }  # fmt: skip
    page = words(chosen(at_desk, json.dumps([review, {"@type": "ClaimReview"}]).encode(), "feed.json"))
    assert "1 claim would come in" in page and "judged there: <bdi>Tidewater Check · False</bdi>" in page
    run = Import.objects.get()
    importing.confirm_import(import_id=run.pk, by=reviewer, now=NOW)
    importing.run_imports(clock=lambda: NOW)

    page = words(at_desk.get(reverse("desk-claim", args=[Claim.objects.get().code])))
    assert "Tidewater Check" in page and "https://check.example/1" in page


def test_an_empty_history_says_how_to_begin_and_the_table_to_fill_in_can_come_in(at_desk):
    assert "Nothing has come in yet." in words(at_desk.get(reverse("desk-imports")))
    template = at_desk.get(reverse("desk-import-template"))
    assert "attachment" in template["Content-Disposition"]
    assert "1 claim would come in" in words(chosen(at_desk, template.content))


def test_the_pages_are_for_whoever_works_at_the_desk(as_user):
    editor = as_user(EditorFactory())
    for name in ("desk-imports", "desk-import-template"):
        assert editor.get(reverse(name)).status_code == 403


def test_lists_ask_few_questions_however_long_they_are(at_desk, reviewer, django_assert_max_num_queries):
    about = {"via": "upload", "state": "done", "started_by": reviewer, "started_at": NOW}
    run = Import.objects.create(**about, new_count=1, row_count=1)
    run.problems.bulk_create(
        importing.ImportProblem(run=run, row=n, place=f"row {n}", code="x", message="m") for n in range(300)
    )
    for _ in range(30):
        Import.objects.create(**about)
    for address in (reverse("desk-imports"), run.get_absolute_url()):
        with django_assert_max_num_queries(14):
            at_desk.get(address)
