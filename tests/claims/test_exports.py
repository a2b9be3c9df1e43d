"""Exports: what goes out comes in again as it was, and costs the same memory however much it is."""

import csv
import io
import json

import pytest
from django.urls import reverse

from claims.importing.tables import unprotected
from claims.models import Claim, Claimant, ImportedClaim, Topic
from claims.services import importing
from claims.services.exporting import CSV, LINES, Wanted, exported, wanted_claims
from tests.factories import NOW, ClaimFactory, DeskLeadFactory, EditorFactory, published

pytestmark = pytest.mark.django_db

DAY = "2024-01-02"
# Cells that spreadsheets, CSV readers, JSON readers or databases are known to spoil.
HOSTILE = [
    '=HYPERLINK("https://a.example","x")', "+1", "-1+1", "@SUM(1)", "＝1+1", "\u200b=1", "\u202e=1", "'=1", "''=1",
    "'quoted'", '"', '""', 'a "quoted" word', "a, b; c | d", "line one\nline two", "cr\r\nlf", "tab\tstop",
    "\u202eright to left\u202c", "\u2066isolated\u2069", "مجلس المدينة", "市议会 28 席",
    "🏳️‍🌈👩‍👩‍👧", "e\u0301 and é", "ﬁ ligature",
    "\u00a0no-break\u00a0", "a\u2028b\u2029c", "a\x0bb\x0cc", "\x1b[31mred", "<script>alert(1)</script>", "&amp; &lt;",
    "{{ 7*7 }}", "${7*7}", "%s %(a)s", "\\n \\", "NULL", "true", "1e5", "007", "2024-02-30", "#N/A", "\ufeffmark",
    "Ω" * 5000, "a\u200db", "١٢٣", "a\U0010ffff",
]  # fmt: skip


def hostile_claims(by):
    for number, cell in enumerate(HOSTILE):
        line = " ".join(cell.split())
        context = cell.strip() if number % 2 else ""
        claim = ClaimFactory(text=cell.strip(), context=context, priority=number % 5 + 1, drafted_by=by)
        claim.claimants.add(Claimant.objects.create(name=f"{line[:150]} {number}", slug=f"c{number}"))
        claim.topics.add(Topic.objects.create(name=f"{line[:70]} {number}", slug=f"t{number}"))
        ImportedClaim.objects.create(
            claim=claim,
            run=importing.Import.objects.get_or_create(via="api", state="done", started_by=by, started_at=NOW)[0],
            key=f"{number}",
            place="row 1",
            review={"publisher": cell.strip()[:200], "rating": cell.strip()[:200], "value": number % 5, "date": DAY},
            said=[{"url": f"https://news.example/{number}?a=1;b", "said_on": DAY}, {"url": "https://b.example/"}],
        )


def names_at_the_desk():
    return [set(model.objects.values_list("name", flat=True)) for model in (Claimant, Topic)]


def text_of(file_format, by, **wanted):
    return "".join(exported(wanted_claims(Wanted(**wanted), by=by), file_format))


def bring_in(content, by):
    looked = importing.look_through_upload(content=content.encode(), by=by)
    assert looked.refused == [] and looked.notes == []
    run = importing.start_upload(content=content.encode(), looked=looked, name="", by=by, now=NOW)
    importing.confirm_import(import_id=run.pk, by=by, now=NOW)
    importing.run_imports(clock=lambda: NOW)
    run.refresh_from_db()
    return run


def without_ids(text, file_format):
    if file_format == LINES:
        rows = [json.loads(line) for line in text.split("\n") if line]
    else:
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    for row in rows:
        row.pop("id")
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize("file_format", [CSV, LINES])
def test_what_goes_out_comes_in_again_as_it_was(file_format):
    lead = DeskLeadFactory()
    hostile_claims(lead)
    before = text_of(file_format, lead)
    texts = set(Claim.objects.values_list("text", "context", "priority"))
    names = names_at_the_desk()
    Claim.objects.all().delete()
    Claimant.objects.all().delete()
    Topic.objects.all().delete()

    run = bring_in(before, lead)

    assert run.new_count == len(HOSTILE)
    assert set(Claim.objects.values_list("text", "context", "priority")) == texts
    assert names_at_the_desk() == names
    assert without_ids(text_of(file_format, lead), file_format) == without_ids(before, file_format)


@pytest.mark.parametrize("file_format", [CSV, LINES])
def test_an_export_of_this_desk_brought_in_here_changes_nothing(file_format):
    lead = DeskLeadFactory()
    hostile_claims(lead)

    run = bring_in(text_of(file_format, lead), lead)

    assert (run.new_count, run.known_count) == (0, len(HOSTILE))
    assert Claim.objects.count() == len(HOSTILE)


def test_no_cell_of_a_table_is_a_formula_and_no_text_of_json_is_changed():
    lead = DeskLeadFactory()
    hostile_claims(lead)

    table = list(csv.reader(io.StringIO(text_of(CSV, lead).removeprefix("\ufeff"), newline="")))
    for row in table[1:]:
        for cell in row:
            assert not cell.lstrip("\u200b\u202e\ufeff \u00a0").startswith(tuple("=+@＝")), cell
            assert not cell.startswith(("-", "\t", "\r", "\n"))
    column = table[0].index("text")
    assert {unprotected(row[column]) for row in table[1:]} == {cell.strip() for cell in HOSTILE}
    assert {json.loads(line)["text"] for line in text_of(LINES, lead).split("\n") if line} == {
        cell.strip() for cell in HOSTILE
    }


def test_a_verdict_of_ours_goes_out_as_a_review_and_comes_in_as_data():
    lead = DeskLeadFactory()
    claim = published()

    row = json.loads(text_of(LINES, lead))
    assert row["review_rating"] == "Correct" and row["review_url"].endswith(f"/claims/{claim.code}")
    assert (row["review_value"], row["review_best"], row["review_worst"]) == (5, 5, 1)
    row["id"] = "elsewhere"
    run = bring_in(json.dumps([row]), lead)

    assert run.new_count == 1
    came = Claim.objects.get(imported__run=run)
    assert came.imported.review["rating"] == "Correct"
    assert (came.workflow, came.citability) == ("unstarted", "not_citable")
    assert not came.verdicts.exists() and not came.publications.exists()


def test_filters_keep_what_they_name():
    lead = DeskLeadFactory()
    here, there = ClaimFactory(text="Here.", language="de"), ClaimFactory(text="There.", workflow="in_progress")
    topic = Topic.objects.create(name="Ports", slug="ports")
    here.topics.add(topic)

    def kept(**wanted):
        return [json.loads(line)["text"] for line in text_of(LINES, lead, **wanted).split("\n") if line]

    assert kept() == ["Here.", "There."]
    assert kept(language="de") == kept(topic=topic.pk) == kept(workflow="unstarted") == ["Here."]
    assert kept(workflow="in_progress") == [there.text]
    assert kept(citability="citable") == []
    assert kept(changed_since=NOW.date()) == ["Here.", "There."]


def test_an_export_asks_as_many_questions_of_many_claims_as_of_few(django_assert_num_queries):
    lead = DeskLeadFactory()
    hostile_claims(lead)
    with django_assert_num_queries(9):
        text_of(LINES, lead)


def test_the_page_counts_and_sends_a_file(client):
    lead = DeskLeadFactory()
    client.force_login(lead)
    ClaimFactory(text="=1+1", language="de")
    ClaimFactory(text="Other.")

    page = client.get(reverse("desk-exports"))
    assert page.status_code == 200 and "all 2 claims" in page.content.decode()
    counted = client.get(reverse("desk-exports"), {"language": "de", "file_format": "csv"})
    assert "1 claim</strong> fit" in counted.content.decode()
    file = client.get(reverse("desk-export-file"), {"language": "de", "file_format": "csv", "with_state": "on"})
    content = b"".join(file.streaming_content).decode()
    assert file["Content-Disposition"].startswith('attachment; filename="claims-')
    assert content.startswith("\ufeffid,text,") and "'=1+1" in content and "Other." not in content
    assert "unstarted" in content

    wrong = client.get(reverse("desk-exports"), {"claimant": "Nobody at all"})
    assert wrong.status_code == 400 and "no claimant of this name" in wrong.content.decode()
    none = client.get(reverse("desk-exports"), {"language": "xx"})
    assert "No claim fits." in none.content.decode()


def test_the_export_is_the_desks(client):
    client.force_login(EditorFactory())
    assert client.get(reverse("desk-exports")).status_code == 403
    assert client.get(reverse("desk-export-file")).status_code == 403
