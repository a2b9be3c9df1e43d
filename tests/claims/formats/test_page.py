"""The reader's page: figures in words, addresses that may be linked, the passage shown first."""

import pytest

from claims.formats.links import safe_href
from claims.formats.page import claim_page, versions_of

from .documents import document, passage

FIGURE = {
    "text": "",
    "low": None,
    "high": None,
    "qualifier": "",
    "unit": "",
    "whole": None,
    "period": "",
    "place": "",
}


@pytest.mark.parametrize(
    ("figure", "reading"),
    [
        ({"low": 28, "high": 28, "whole": 48, "unit": "seats"}, "28 of 48 seats"),
        ({"low": 100, "high": 150, "unit": "people"}, "100–150 people"),
        ({"low": 80, "high": None, "qualifier": "more_than", "unit": "%"}, "more than 80%"),
        ({"low": 2500, "high": 2500, "qualifier": "about"}, "about 2,500"),
        ({"low": 210_000_000, "high": 210_000_000, "unit": "EUR"}, "€210 million"),
        (
            {"low": 0.5, "high": None, "qualifier": "more_than", "unit": "seats", "text": "more than half"},
            "more than half",
        ),
        ({"low": None, "high": 0, "qualifier": "up_to", "unit": "ships"}, "up to 0 ships"),
    ],
)
def test_a_figure_is_read_out(figure, reading):
    assert claim_page(document(figures=[{**FIGURE, **figure}]))["figures"][0]["reading"] == reading


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x#:~:text=a%2Cb", "https://a.example/x#:~:text=a%2Cb"),
        ("http://a.example", "http://a.example"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.example", ""),
        ("https:///x", ""),
        (" https://a.example", ""),
        ("java\nscript:alert(1)", ""),
        ("https://[a", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_linked(url, expected):
    assert safe_href(url) == expected


def test_the_best_source_is_a_primary_one_that_decides():
    def piece(stance, primary):
        return {"id": 1, "stance": stance, "note": "", **passage(source={"primary": primary})}

    pieces = [piece("context", True), piece("supports", False), piece("refutes", True)]

    assert claim_page(document(evidence=pieces))["best"]["number"] == 3


def test_five_papers_with_one_wire_story_are_one_origin():
    evidence = [{"id": n, "stance": "supports", "note": "", **passage(source={"id": n})} for n in range(5)]

    page = claim_page(document(evidence=evidence))

    assert (page["passages"], page["origins"]) == (5, 1)


def test_the_versions_are_the_first_publication_and_each_correction():
    wording = {"text": "a", "rating": "b", "finding": "c"}
    correction = {
        "kind": "update",
        "reason": "New return.",
        "at": "2026-03-02T09:00:00Z",
        "version": 2,
        "old": wording,
        "new": {**wording, "finding": "d"},
    }

    newest, first = versions_of(document(corrections=[correction]))

    assert (newest["version"], newest["label"], newest["reason"]) == (2, "Update", "New return.")
    assert (first["version"], first["at"].isoformat()) == (1, "2026-02-20T09:00:00+00:00")
