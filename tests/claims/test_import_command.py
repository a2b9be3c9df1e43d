"""`manage.py import_claims`: a file of any size, with progress, resumable, and honest about what it left out."""

import json

import pytest
from django.core.management import call_command

from claims.models import Claim, Import
from claims.services import import_writing
from tests.factories import DeskLeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lead(settings):
    settings.IMPORT_BATCH = 10
    return DeskLeadFactory()


@pytest.fixture
def file(tmp_path):
    def made(*rows, name="claims.jsonl"):
        path = tmp_path / name
        path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))
        return str(path)

    return made


def run(capsys, *arguments):
    """Return the command's lines as objects, its last line, and its exit code."""
    code = 0
    try:
        call_command("import_claims", *arguments, "--json")
    except SystemExit as ended:
        code = ended.code
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return lines, lines[-1] if lines else {}, code


def rows(count):
    return [{"text": f"Claim {number}.", "claimants": ["Ann"]} for number in range(count)]


def test_a_file_comes_in_and_again_changes_nothing(file, capsys, lead):
    path = file(*rows(35))

    _, end, code = run(capsys, path)
    assert (end["rows"], end["new"], end["known"], end["refused"], code) == (35, 35, 0, 0, 0)
    assert Claim.objects.filter(drafted_by=lead, workflow="unstarted").count() == Claim.history.count() == 35

    _, end, code = run(capsys, path)
    assert (end["new"], end["known"], code) == (0, 35, 0)
    assert Claim.objects.count() == 35


def test_a_dry_run_says_what_would_come_in_and_writes_nothing(file, capsys):
    lines, end, code = run(capsys, file(*rows(3), {"text": ""}), "--dry-run")

    assert (end["new"], end["refused"], end["dry_run"], code) == (3, 1, True, 0)
    refused = [line for line in lines if line.get("problem") == "refused"]
    assert [(one["place"], one["column"], one["code"]) for one in refused] == [("line 4", "text", "blank")]
    assert not Claim.objects.exists() and not Import.objects.exists()


def test_refused_rows_are_listed_and_left_out(file, capsys):
    lines, end, _ = run(
        capsys, file(*rows(12), {"text": "x", "status": "published"}, "nonsense\n", {"text": "The last."})
    )

    assert (end["rows"], end["new"], end["refused"]) == (15, 13, 2)
    refused = [(one["place"], one["code"]) for one in lines if one.get("problem") == "refused"]
    assert refused == [("line 13", "read_only"), ("line 14", "malformed_json")]
    assert Import.objects.get().problems.count() == 2


class Killed(BaseException):
    """The end of the process, as its code sees it."""


@pytest.mark.parametrize("batch", [1, 3])
def test_the_same_command_goes_on_where_it_was_stopped(file, capsys, monkeypatch, batch):
    path, write, done = file(*rows(35)), import_writing.Writer.write, []

    def ending(self, *args, **more):
        made = write(self, *args, **more)
        done.append(made)
        if len(done) == batch:
            raise Killed
        return made

    with monkeypatch.context() as patch:
        patch.setattr(import_writing.Writer, "write", ending)
        with pytest.raises(Killed):
            run(capsys, path)
    assert Claim.objects.count() == Import.objects.get().cursor == 10 * (batch - 1)
    _, _, code = run(capsys, path)  # the dead one's lease still holds
    assert code == 1

    Import.objects.update(lease_expires_at=None)
    _, end, code = run(capsys, path)

    assert (end["rows"], end["new"], code) == (35, 35, 0)
    assert Claim.objects.count() == Claim.history.count() == 35
    assert Import.objects.count() == 1


def test_a_file_that_cannot_be_read_on_says_where_and_keeps_what_came_in(file, capsys):
    table = file(
        "text,context\n", *(f"Claim {n}.,x\n" for n in range(25)), 'Broken,"never closed\n', name="claims.csv"
    )

    with pytest.raises(SystemExit):
        call_command("import_claims", table)

    told = capsys.readouterr()
    assert "Row 27, column context" in told.err
    assert "20 of 20 rows came in" in told.out
    assert Claim.objects.count() == 20
    assert Import.objects.get().state == Import.State.FAILED


def test_a_dump_of_reviews_is_told_by_its_content(file, capsys):
    review = {"@type": "ClaimReview", "claimReviewed": "It lost 28.", "reviewRating": {"alternateName": "False"}}
    feed = {"@type": "DataFeed", "dataFeedElement": [{"item": [review]}, {"item": None}]}

    lines, end, _ = run(capsys, file(feed, name="data.json"))

    assert (end["new"], end["refused"]) == (1, 0)
    assert [line["problem"] for line in lines if "problem" in line] == ["note"]
    assert Claim.objects.get().imported.review["rating"] == "False"


def test_an_address_is_read_through_the_one_door(web, capsys):
    script = json.dumps({"@type": "ClaimReview", "claimReviewed": "It lost 28.", "reviewRating": "False"})
    web.says("/check", f'<script type="application/ld+json">{script}</script>')

    _, end, code = run(capsys, web.url("/check"))
    assert (end["new"], code) == (1, 0)
    for refused in ("http://127.0.0.1:1/", web.url("/missing")):
        assert run(capsys, refused)[2] == 1
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("arguments", [("nothing-here.csv",), (".",), ("x", "--by", "nobody")])
def test_what_cannot_be_opened_is_refused_in_one_sentence(arguments, capsys):
    with pytest.raises(SystemExit):
        call_command("import_claims", *arguments)
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
