"""`figures` and `compare_figures` at the command line; neither needs a database."""

import io
import json

import pytest

from tests.claims.test_commands import run


def test_figures_prints_one_object_a_figure_with_offsets_in_code_points():
    text = "👩‍👩‍👧 They lost 28 of their 48 boats in Q3 2018."
    code, lines, refused = run("figures", "--json", text)

    found = [json.loads(line) for line in lines]
    assert (code, refused) == (0, "")
    assert [text[f["start"] : f["end"]] for f in found] == ["28 of their 48", "Q3 2018"]
    assert (found[0]["low"], found[0]["whole"], found[0]["unit"]) == (28, 48, "boats")
    assert (found[1]["low"], found[1]["high"]) == ("2018-07-01", "2018-09-30")


def test_figures_places_last_week_by_the_day_the_text_was_written():
    _, lines, _ = run("figures", "--json", "--date", "2022-03-16", "It rained last week.")

    assert (json.loads(lines[0])["low"], json.loads(lines[0])["high"]) == ("2022-03-07", "2022-03-13")


@pytest.mark.parametrize("texts", [[], ["-"]])
def test_figures_reads_each_line_of_standard_input_as_a_text(monkeypatch, texts):
    monkeypatch.setattr("sys.stdin", io.StringIO("Twelve boats sank.\r\nNone was found.\nAbout 3 remain.\n"))
    _, lines, _ = run("figures", "--json", *texts)

    assert [(found["text_index"], found["low"]) for found in map(json.loads, lines)] == [(0, 12), (2, 3)]


def test_figures_says_in_words_what_it_read():
    _, lines, _ = run("figures", "They lost at least 28 of their 48 boats.")

    assert lines == ["at least 28 of their 48: at least 28 of 48 boats"]


def test_compare_figures_prints_result_rule_reason_and_the_two_figures():
    code, lines, _ = run("compare_figures", "--json", "It lost 28 of 48 seats", "It lost 23 of 48 seats")

    found = json.loads(lines[0])
    assert code == 0 and len(lines) == 1
    assert (found["result"], found["rule"]) == ("conflicts", "part_of_whole")
    assert found["reason"] == "28 of 48 leaves 20; the source says 23 of 48 seats."
    assert (found["claim"]["low"], found["source"]["low"]) == (28, 23)


def test_compare_figures_answers_a_text_without_figures():
    _, lines, _ = run("compare_figures", "--json", "Nobody came", "12 boats")

    assert json.loads(lines[0])["result"] == "not_comparable"
    assert json.loads(lines[0])["claim"] is None


def test_compare_figures_takes_one_of_the_two_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("About 40 boats\nsank.\n"))

    assert run("compare_figures", "40 boats", "-")[1][0].startswith("within (about):")
    code, lines, refused = run("compare_figures", "-", "-")
    assert (code, lines) == (1, [])
    assert "Only one" in refused
