"""A claim's figure against a source's, as a careful reader would compare them; sentences of our own."""

import pytest

from claims.extraction import compare_figures, read_figures


def only(text):
    (figure,) = read_figures(text)
    return figure


@pytest.mark.parametrize(
    ("claim", "source", "result", "rule"),
    [
        ("2,500 troops", "roughly 2,500 troops", "within", "about"),
        ("120", "100 to 150", "within", "in_range"),
        ("2.5 million people", "2,487,000 people", "within", "rounding"),
        ("2.5 million people", "2.4 million people", "conflicts", "different_value"),
        ("28 boats", "at least 25 boats", "within", "open_range"),
        ("20 boats", "at least 25 boats", "conflicts", "outside_range"),
        ("25 boats", "more than 25 boats", "conflicts", "outside_range"),
        ("10 to 20 boats", "15 to 25 boats", "overlaps", "ranges_overlap"),
        ("28 of its 48 seats", "23 of its 48 seats", "conflicts", "part_of_whole"),
        ("28 of 48 seats", "58%", "within", "share_of_whole"),
        ("half", "24 of 48 seats", "equal", "share_of_whole"),
        ("two thirds", "66%", "within", "rounding"),
        ("three percentage points", "3%", "not_comparable", "points_and_percent"),
        ("58%", "28 seats", "not_comparable", "whole_unknown"),
        ("€5", "$5", "not_comparable", "different_currency"),
        ("60 miles", "97 km", "within", "unit_conversion"),
        ("two weeks", "14 days", "equal", "unit_conversion"),
        ("12 soldiers", "14 civilians", "not_comparable", "different_things"),
        ("July 1 thru September 30", "Q3", "equal", "same_days"),
        ("May 7, 2019", "in 2019", "within", "days_within"),
        ("May 7", "May 7, 2019", "overlaps", "year_unknown"),
        ("May 7", "May 9, 2019", "conflicts", "days_apart"),
    ],
)
def test_two_figures_are_compared_and_the_rule_is_named(claim, source, result, rule):
    found = compare_figures(only(f"They saw {claim}."), only(f"They saw {source}."))

    assert (found.result, found.rule) == (result, rule)
    assert found.reason.endswith(".")


def test_parts_of_a_whole_that_differ_are_explained_by_what_is_left():
    found = compare_figures(only("It lost 28 of its 48 seats."), only("It lost 23 of its 48 seats."))

    assert found.reason == "28 of 48 leaves 20; the source says 23 of 48 seats."
