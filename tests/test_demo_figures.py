"""The demo desk's figures: what its claims rest on may not speak against them, or the desk could not be loaded."""

import json
from pathlib import Path

import pytest

from claims import extraction

DESK = json.loads((Path(__file__).parents[1] / "factcheck/demo/desk.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("claim", DESK["claims"], ids=lambda claim: claim["key"])
def test_no_passage_that_supports_a_claim_gives_another_figure(claim):
    said = [figure for figure in extraction.read_figures(claim["text"]) if not figure.is_calendar]
    statement = extraction.read_statement(claim["text"], said, [])

    for quote in (item["quote"] for item in claim["evidence"] if item["stance"] == "supports"):
        figures = extraction.read_figures(quote)
        if extraction.are_of_one_time(statement.times, [figure for figure in figures if figure.is_calendar]):
            counted = [figure for figure in figures if not figure.is_calendar]
            assert [c.found.reason for c in extraction.conflicting_figures(statement.counted, counted)] == []
