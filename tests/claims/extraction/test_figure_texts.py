"""The figures of a claim against those of a source's sentence: which belongs to which, and what decides."""

from datetime import date

import pytest

from claims.extraction import compare_texts

ON = date(2022, 3, 16)
LOST = "The Harbour List lost 28 of its 48 seats."


@pytest.mark.parametrize(
    ("claim", "source", "result", "rule"),
    [
        ("The list lost 28 of its 48 seats", "It lost 23 of its 48 seats.", "conflicts", "part_of_whole"),
        ("The list kept 20 of its 48 seats", LOST, "equal", "rest_of_whole"),
        ("The list kept 20 seats", LOST, "equal", "rest_of_whole"),
        ("The list kept 25 seats", LOST, "conflicts", "rest_of_whole"),
        ("The list lost 20 of its 48 seats", LOST, "conflicts", "part_of_whole"),
        ("The list had 48 seats", LOST, "within", "whole"),
        ("The list lost 48 seats", LOST, "conflicts", "part_of_whole"),
        ("The list lost 28 seats", LOST, "equal", "part_of_whole"),
        ("The list lost more than half of its seats", LOST, "within", "share_of_whole"),
        ("The list lost 58% of its seats", LOST, "within", "share_of_whole"),
        ("12 of the 30 crew survived", "18 of the 30 crew died.", "equal", "rest_of_whole"),
        ("58% voted for it", "42% voted against it.", "equal", "rest_of_whole"),
        ("2,500 guards stand in Malta", "There are 2,500 guards in Cyprus and 1,000 in Malta.", "conflicts", None),
        ("1,000 guards stand in Malta", "There are 2,500 guards in Cyprus and 1,000 in Malta.", "equal", None),
        ("2,500 Danish guards", "2,500 Swedish guards", "not_comparable", "different_things"),
        ("52% voted yes", "48% voted no.", "equal", "rest_of_whole"),
        ("120,000 crates", "About 122,000 crates", "within", "rounding"),
        ("900 crates", "Nearly 880 crates", "conflicts", None),
        ("It fell from 4.8 to 3.9 million", "It fell from 4.8 million to 3.9 million.", "equal", None),
        ("It was 4 degrees", "It was 4 degrees Celsius.", "equal", None),
        ("It was 4 °C", "It was 4 degrees Celsius.", "equal", None),
        ("It was 40C", "It was 104F.", "equal", "unit_conversion"),
        ("It was 41.5 °C", "It was 107 degrees Fahrenheit.", "within", "unit_conversion"),
        ("It was 40C", "It was 110F.", "conflicts", "unit_conversion"),
        ("It warmed by 2 °C", "It warmed by 3.6 °F.", "equal", "unit_conversion"),
        ("Half of the 120 beds are free", "60 beds are free.", "equal", None),
        ("Half of the 120 beds are free", "50 beds are free.", "conflicts", None),
        ("One in five adults smokes", "60 adults smoke.", "not_comparable", "whole_unknown"),
        ("It costs €50 a week", "It costs €50 a day.", "not_comparable", "different_rate"),
        ("12 killed and 30 wounded", "30 killed and 12 wounded", "conflicts", "different_value"),
        ("It opened on May 7", "It opened on May 9.", "conflicts", "days_apart"),
        ("It rained last week", "It rained on March 8, 2022.", "within", "days_within"),
        ("Rents rose 5% in May 2020", "Rents rose 6% in June 2020.", "not_comparable", "different_period"),
        ("A long row", "12 boats", "not_comparable", "no_figures"),
        ("40 boats sank", "About 40 boats sank on 3 May.", "within", "about"),
    ],
)
def test_the_pair_that_agrees_least_decides(claim, source, result, rule):
    found = compare_texts(claim, source, reference_date=ON)

    assert found.result == result
    assert rule in (None, found.rule)
    assert found.reason.endswith(".")


def test_the_reason_says_what_a_part_leaves():
    found = compare_texts("The list lost 28 of its 48 seats", "The list lost 23 of its 48 seats")

    assert found.reason == "28 of 48 leaves 20; the source says 23 of 48 seats."
    assert (found.claim.low, found.source.low) == (28, 23)
