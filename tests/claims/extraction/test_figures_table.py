"""Sentences of our own in the manner of the news, each with every figure that is in it.

A line of the table is the sentence, a tab, and its figures set apart by bars; a figure is ends; qualifier; unit;
whole. Ends in square brackets are part of a range, in round ones they are not, and an empty end is open.
"""

from datetime import date
from pathlib import Path

import pytest

from claims.extraction import read_figures

ON = date(2022, 3, 16)
TABLES = [Path(__file__).with_name(name) for name in ("figures_of_the_news.txt", "names_of_the_news.txt")]
LINES = [line.split("\t") for table in TABLES for line in table.read_text(encoding="utf-8").splitlines()]


def written(figure):
    """Write a figure as the table does."""
    data = figure.as_dict()
    low, high = (
        f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)
        for value in (data["low"], data["high"])
    )
    opening, closing = "[("[not data["low_inclusive"]], "])"[not data["high_inclusive"]]
    ends = low if low == high else f"{opening}{low}..{high}{closing}"
    whole = "" if data["whole"] is None else str(data["whole"])
    return "; ".join((ends, data["qualifier"], data["unit"], whole)).rstrip("; ")


@pytest.mark.parametrize(("sentence", "figures"), LINES, ids=[line[0] for line in LINES])
def test_every_figure_of_a_sentence_is_read(sentence, figures):
    found = read_figures(sentence, reference_date=ON)

    assert " | ".join(map(written, found)) == figures
    assert all(sentence[figure.start : figure.end] == figure.text for figure in found)


def test_the_table_is_large_enough_to_mean_something():
    assert len({sentence for sentence, _ in LINES}) >= 250
