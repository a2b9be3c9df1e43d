from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction import read_figures

ON = date(2022, 3, 16)


def read(text):
    return [figure.as_dict() for figure in read_figures(text, reference_date=ON)]


@pytest.mark.parametrize(
    ("text", "low", "high", "qualifier", "unit", "whole"),
    [
        ("Some 3,400 border guards marched.", 3400, 3400, "about", "guards", None),
        ("It costs €3.5bn a year.", 3500000000, 3500000000, "", "EUR", None),
        ("The party lost 12 of its 30 seats.", 12, 12, "", "seats", 30),
        ("One in six pupils was absent.", 1, 1, "", "pupils", 6),
        ("More than 60% agreed.", 60, None, "more_than", "%", None),
        ("They hired between 20 and 25 nurses.", 20, 25, "", "nurses", None),
        ("He ran the three-day fair.", 3, 3, "", "day", None),
        ("Half a million people fled.", 500000, 500000, "", "people", None),
        ("It opened in the first two weeks of 2021.", "2021-01-01", "2021-01-14", "", "", None),
        ("Sales fell in Q3 2019.", "2019-07-01", "2019-09-30", "", "", None),
        ("It rained last week.", "2022-03-07", "2022-03-13", "", "", None),
    ],
)
def test_a_figure_is_read_with_its_bounds_unit_and_whole(text, low, high, qualifier, unit, whole):
    figure = read(text)[0]

    assert (figure["low"], figure["high"]) == (low, high)
    assert (figure["qualifier"], figure["unit"], figure["whole"]) == (qualifier, unit, whole)
    assert text[figure["start"] : figure["end"]] == figure["text"]


@pytest.mark.parametrize(
    "text",
    [
        "After 9/11 much changed.",
        "An F-16 landed.",
        "COVID-19 spread.",
        "He lives on 52nd Street.",
        "It is one of the best.",
        "It needs version 2.4.1 now.",
        "They rely on aid.19",
    ],
)
def test_a_name_made_of_numbers_is_no_figure(text):
    assert read(text) == []


@given(st.text(alphabet=st.characters() | st.sampled_from("0123456789,.-/$%½ andto"), max_size=200))
def test_any_text_is_answered_with_slices_in_order(text):
    end = 0
    for figure in read_figures(text, reference_date=ON):
        assert figure.start >= end
        assert text[figure.start : figure.end] == figure.text
        figure.as_dict()
        end = figure.end


@pytest.mark.parametrize("unit", ["1,", "111,", "1 and ", "one and ", "9", "1-", "9^999 ", "May 1 to ", "a few "])
def test_hostile_texts_are_read_to_their_end(unit):
    text = unit * (60_000 // len(unit))

    assert all(text[figure.start : figure.end] == figure.text for figure in read_figures(text))
