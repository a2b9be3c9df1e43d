"""`manage.py locate`: a quote looked for in a file or at an address, without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.claims.test_commands import run

TEXT = (
    "Harbour notes 👩‍👩‍👧\n\nThe harbour office counted 412 arrivals in May.\n"
    "Kim Reed said the pier cost 40 million, and 80% of it was borrowed.\n"
)


@pytest.fixture
def notes(tmp_path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_bytes(TEXT.encode())
    return path


def located(path, quote, *more):
    code, lines, refused = run("locate", "--json", "--quote", quote, *more, str(path))
    assert (code, refused, len(lines)) == (0, "", 1)
    line = json.loads(lines[0])
    assert list(line) == ["result", "start", "end", "passage", "changed", "reason"]
    if line["start"] is not None:
        assert TEXT[line["start"] : line["end"]] == line["passage"]
    return line


def test_a_unit_that_goes_on_past_the_quote_s_words_is_read_whole(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("The board said that dues rose by 5 percentage points.")

    _, lines, _ = run("locate", "--json", "--quote", "dues rose by 5 percent", str(path))
    line = json.loads(lines[0])

    assert (line["result"], line["passage"]) == ("figure_changed", "dues rose by 5 percentage points")


def test_a_quote_is_found_where_it_stands(notes):
    line = located(notes, "the pier cost 40 million")

    assert (line["result"], line["start"], line["changed"]) == ("intact", TEXT.index("the pier"), [])


def test_a_changed_figure_is_named(notes):
    line = located(notes, "The harbour office counted 312 arrivals in May")

    assert (line["result"], line["changed"]) == ("figure_changed", ["“412” for “312”"])
    assert line["passage"] == "The harbour office counted 412 arrivals in May"


def test_halves_that_changed_places_are_found(notes):
    line = located(notes, "and 80% of it was borrowed. Kim Reed said the pier cost 40 million")

    assert line["result"] == "reworded"
    assert line["passage"].startswith("Kim Reed")


def test_for_a_paraphrase_the_nearest_passage_is_shown(notes):
    line = located(notes, "Most of what the new pier costs comes from borrowing, says Reed")

    assert line["result"] == "missing"
    assert line["passage"].startswith("Kim Reed")
    assert "nearest passage is shown" in line["reason"]


def test_context_chooses_between_places(tmp_path):
    path = tmp_path / "twice.txt"
    path.write_text("In May it won. In June it won.")

    code, lines, _ = run("locate", "--json", "--quote", "it won", "--prefix", "In June ", "--suffix", ".", str(path))

    assert (code, json.loads(lines[0])["start"]) == (0, 23)


def test_a_page_is_read_as_a_reader_sees_it(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html><body><p>The office counted <b>412</b> arri&shy;vals.</p></body></html>")

    code, lines, _ = run("locate", "--quote", "counted 412 arrivals", str(path))

    assert code == 0
    assert lines[0].startswith("intact at 11 to 32: ")


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [(["--quote", "x", "none.txt"], "no file none.txt"), (["--quote", " ", "none.txt"], "The quote is empty")],
)
def test_what_cannot_be_looked_for_is_refused_in_one_sentence(arguments, refusal):
    code, lines, refused = run("locate", *arguments)

    assert (code, lines) == (1, [])
    assert refusal in refused


def test_locating_needs_no_database(notes, tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "locate", "--json", "--quote", "the pier cost 40 million", str(notes)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/none/db.sqlite3", "FACTCHECK_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["result"] == "intact"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (
            "<h1>Before you continue</h1><p>We and our partners use cookies. Accept all. Reject all.</p>",
            "asks for consent",
        ),
        ("<title>Page not found</title><h1>Sorry, page not found</h1><p>It does not exist.</p>", "not found"),
        ("<title>Harbour notes</title>", "no text"),
    ],
    ids=["consent wall", "soft 404", "empty"],
)
def test_in_what_is_no_readable_document_a_quote_is_not_checkable(tmp_path, page, why):
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><html><body>{page}</body></html>", encoding="utf-8")

    _, lines, _ = run("locate", "--json", "--quote", "the pier cost 40 million", str(path))

    line = json.loads(lines[0])
    assert (line["result"], line["start"], line["passage"]) == ("not_checkable", None, "")
    assert why in line["reason"]
