"""Statements about the same thing and time, and the figures of theirs that cannot both stand."""

import pytest

from claims.extraction.figures import read_figures
from claims.extraction.likeness import (
    conflicting_figures,
    contradictions_between,
    keys_of,
    nearest_figures,
    read_statement,
)

HARBOUR = "The harbour counted 412 arrivals in May."


def contradict(one: str, other: str) -> bool:
    a, b = read_statement(one), read_statement(other)
    if not set(keys_of(a)) & set(keys_of(b)):
        return False
    return bool(contradictions_between(a, b))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HARBOUR, "The harbour office recorded 430 arrivals in May."),
        (HARBOUR, "In May, the harbour saw 398 arrivals."),
        ("The Reed party lost 28 of its 48 seats.", "The Reed party lost 23 of its seats in the vote."),
        ("Unemployment rose to 7.5% in the second quarter of 2019.", "Unemployment rose to 7.1% in Q2 2019."),
        ("The bridge cost €40 million.", "The bridge over the Lenne cost €52 million."),
        ("The relief road is 12 km long.", "The relief road is 9 miles long."),
    ],
)
def test_two_figures_for_one_thing_and_time_contradict_each_other_both_ways_round(one, other):
    assert contradict(one, other)
    assert contradict(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HARBOUR, "The harbour office recorded about 410 arrivals in May."),
        (HARBOUR, "The harbour counted 403 arrivals in April."),
        (HARBOUR, "The airport counted 500 arrivals in May."),
        (HARBOUR, "The harbour counted 30 departures in May."),
        (HARBOUR, "The harbour has 3 cranes."),
        ("The Reed party lost 28 of its 48 seats.", "The Alder party lost 30 of its 60 seats."),
        ("Unemployment rose to 7.5% in Q2 2019.", "Inflation rose to 5% in Q2 2019."),
        ("Unemployment rose to 7.5% in Q2 2019.", "Unemployment rose to 7.9% in Q3 2019."),
        ("The bridge cost €40 million.", "The bridge cost $52 million."),
        ("Household gas in Fenside became 25% cheaper.", "More than 80% of the gas in Fenside came by sea."),
        ("Reed won 28 seats in Fenside.", "Reed won 12 seats in Alderley."),
    ],
)
def test_another_thing_name_time_or_unit_is_no_contradiction(one, other):
    assert not contradict(one, other)
    assert not contradict(other, one)


def test_a_figure_is_compared_with_the_one_that_comes_closest():
    claim = read_figures("The harbour counted 412 arrivals.")
    passage = read_figures("It counted 412 arrivals, after 403 arrivals the year before, in 12 weeks.")

    (nearest,) = nearest_figures(claim, passage)

    assert (nearest.found.result, nearest.other.text) == ("equal", "412")
    assert not conflicting_figures(claim, passage)


def test_a_bare_number_contradicts_nothing():
    claim = read_figures("The harbour counted 412 arrivals.")

    assert not conflicting_figures(claim, read_figures("The return lists 398."))


def test_a_conflict_says_what_each_side_says():
    claim = read_figures("The harbour counted 412 arrivals.")

    (conflict,) = conflicting_figures(claim, read_figures("The return lists 398 arrivals."))

    assert "412 arrivals" in conflict.found.reason and "398 arrivals" in conflict.found.reason


def test_a_long_statement_has_a_bounded_number_of_keys():
    words = " ".join(f"harbour{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(300))

    assert len(keys_of(read_statement(f"{words} counted 412 arrivals and 12 departures."))) == 60
