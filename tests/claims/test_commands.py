"""The commands: what they print, what they refuse in one sentence, and that a dry run needs no database."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from claims.models import Article
from sources.models import Source
from sources.web import FetchResult
from tests.factories import DeskLeadFactory, EditorFactory, ReviewerFactory

TEXT = (
    "Harbour notes 👩‍👩‍👧\r\n\r\nThe harbour office counted 412 arrivals in May.\r\n"
    "Kim Reed said the pier cost 40 million, and 80% of it was borrowed.\r\n"
)


def run(*args) -> tuple[int, list[str], str]:
    """Run a command as manage.py would and return its exit code, its lines and what it refused."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command(*args, stdout=out, stderr=err)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue().splitlines(), err.getvalue()


@pytest.fixture
def article(tmp_path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_bytes(TEXT.encode())
    return path


@pytest.fixture(autouse=True)
def captures(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "captures")


def test_a_dry_run_prints_each_candidate_with_places_in_the_file_itself(article):
    code, lines, refused = run("ingest", "--dry-run", "--json", str(article))

    candidates = [json.loads(line) for line in lines]
    assert (code, refused) == (0, "")
    assert len(candidates) >= 2
    assert [c["score"] for c in candidates] == sorted((c["score"] for c in candidates), reverse=True)
    for candidate in candidates:
        assert set(candidate) == {"start", "end", "text", "score", "reasons", "claimant", "figures"}
        assert TEXT[candidate["start"] : candidate["end"]] == candidate["text"]
        for figure in candidate["figures"]:
            assert TEXT[figure["start"] : figure["end"]] == figure["text"]
    percent = next(f for c in candidates for f in c["figures"] if f["text"] == "80%")
    assert (percent["low"], percent["high"], percent["unit"], percent["whole"]) == (80, 80, "%", None)


def test_a_dry_run_needs_no_database(article, tmp_path):
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "manage.py", "ingest", "--dry-run", "--json", str(article)],
        cwd=root,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/none/db.sqlite3", "FACTCHECK_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii() and json.loads(done.stdout.splitlines()[0])["text"]
    assert not (tmp_path / "none").exists()


def test_a_dry_run_reads_the_text_out_of_a_page(tmp_path):
    page = tmp_path / "page"
    page.write_text("<!DOCTYPE html><html><body><p>The harbour office counted 412 arrivals in May.</p></body></html>")
    _, lines, _ = run("ingest", "--dry-run", "--json", str(page))
    assert json.loads(lines[0])["text"] == "The harbour office counted 412 arrivals in May."


def test_a_dry_run_of_several_names_the_file_of_each_line(article):
    _, lines, _ = run("ingest", "--dry-run", "--json", str(article), str(article))
    assert {json.loads(line)["file"] for line in lines} == {str(article)}


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "There is no file"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b" \n"), "is empty"),
        (lambda path: path.write_bytes(b"caf\xe9 412"), "is not UTF-8"),
    ],
)
@pytest.mark.parametrize("command", ["ingest", "sentences", "score"])
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, make, sentence, command):
    path = tmp_path / "x.txt"
    make(path)
    code, lines, refused = run(command, str(path), *(["--dry-run"] if command == "ingest" else []))

    assert (code, lines) == (1, [])
    assert sentence in refused and len(refused.strip().splitlines()) == 1 and "Traceback" not in refused


def test_a_file_that_breaks_while_it_is_read_is_refused():
    code, _, refused = run("ingest", "--dry-run", "/proc/self/mem")
    assert code == 1 and "cannot be read" in refused


def test_one_unreadable_file_does_not_stop_the_others(article):
    code, lines, refused = run("ingest", "--dry-run", "nowhere.txt", str(article))
    assert code == 1 and lines and "nowhere.txt" in refused


def answering(monkeypatch, result):
    """Let every look at an address bring `result(url)`."""

    def look_at_many(requests, policy, read, **how):
        yield [(index, read(index, result(request.url))) for index, request in enumerate(requests)]

    monkeypatch.setattr("sources.services.checks.look_at_many", look_at_many)


@pytest.mark.django_db
class TestTakingIn:
    def test_a_file_becomes_an_article_with_candidates(self, article):
        lead = DeskLeadFactory()
        code, lines, refused = run("ingest", str(article))

        taken = Article.objects.get()
        assert (code, refused) == (0, "")
        assert taken.added_by == lead and taken.candidates.exists()
        assert f"article {taken.pk}" in lines[-1]

    def test_the_same_file_again_is_the_same_article(self, article):
        by = ReviewerFactory(username="kim")
        first = json.loads(run("ingest", "--json", "--by", "kim", str(article))[1][0])
        again = json.loads(run("ingest", "--json", "--by", "kim", str(article))[1][0])
        assert (first["new"], again["new"]) == (True, False)
        assert first["article"] == again["article"] and Article.objects.get().added_by == by

    def test_an_address_is_looked_at_now(self, monkeypatch):
        DeskLeadFactory()
        page = b"<html><title>Notes</title><p>The harbour office counted 412 arrivals in May.</p></html>"

        answering(monkeypatch, lambda url: FetchResult(url, url, "ok", 200, {"Content-Type": "text/html"}, page))
        code, lines, _ = run("ingest", "https://tidewater.example/notes")

        assert code == 0 and Article.objects.get().progress == "read"
        assert Source.objects.get().title == "Notes" and "ok" in " ".join(lines)

    def test_an_address_that_gives_no_document_is_refused_with_what_to_do(self, monkeypatch):
        DeskLeadFactory()
        answering(monkeypatch, lambda url: FetchResult(url, url, "http_error", 404, reason="HTTP 404"))
        code, _, refused = run("ingest", "https://tidewater.example/gone")
        assert code == 1 and "HTTP 404" in refused and "paste its text" in refused

    @pytest.mark.parametrize("who", ["ghost", "kim"])
    def test_who_takes_it_in_must_be_able_to(self, article, who):
        EditorFactory(username="kim")
        code, _, refused = run("ingest", "--by", who, str(article))
        assert code == 1 and len(refused.strip().splitlines()) == 1
        assert not Article.objects.exists()

    def test_without_a_desk_lead_somebody_has_to_be_named(self, article):
        code, _, refused = run("ingest", str(article))
        assert code == 1 and "--by" in refused

    def test_an_address_that_may_not_be_fetched_is_refused(self):
        DeskLeadFactory()
        code, _, refused = run("ingest", "http://127.0.0.1/x")
        assert code == 1 and "not allowed" in refused and not Source.objects.exists()


def test_figures_are_one_object_a_line():
    code, lines, _ = run("figures", "--json", "There were 2,500 people.")
    figure = json.loads(lines[0])
    assert code == 0 and len(lines) == 1
    assert (figure["low"], figure["high"]) == (2500, 2500)
    assert "There were 2,500 people."[figure["start"] : figure["end"]] == figure["text"]


def test_figures_of_several_texts_say_of_which(monkeypatch):
    assert [json.loads(line)["text_index"] for line in run("figures", "--json", "5 ships", "6 ships")[1]] == [0, 1]
    monkeypatch.setattr("sys.stdin", StringIO("7 ships\n"))
    assert json.loads(run("figures", "--json")[1][0])["low"] == 7


def test_sentences_are_slices_of_the_file(article):
    for line in run("sentences", "--json", str(article))[1]:
        sentence = json.loads(line)
        assert TEXT[sentence["start"] : sentence["end"]] == sentence["text"]


def test_each_line_is_scored_in_its_order(article):
    lines = [json.loads(line) for line in run("score", "--json", str(article))[1]]
    assert [line["line"] for line in lines] == [1, 2, 3, 4]
    assert [line["text"] for line in lines] == TEXT.split("\r\n")[:-1]
