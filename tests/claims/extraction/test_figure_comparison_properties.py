"""What holds for every two figures: a known answer with a reason, the same both ways round, equal to itself."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from claims.extraction import Figure, compare_figures, compare_texts, read_figures

ON = date(2022, 3, 16)
RESULTS = {"equal", "within", "overlaps", "conflicts", "not_comparable"}
NUMBERS = st.integers(0, 5000).map(lambda value: f"{value:,}") | st.sampled_from(
    ["two", "half", "a third", "½", "several hundred", "dozens", "2.5 million", "3bn", "-4", "0.3", "100 to 150"]
)
HEDGES = st.sampled_from(["", "about ", "nearly ", "at least ", "more than ", "up to ", "fewer than ", "exactly "])
THINGS = st.sampled_from(
    ["", " seats", " people", " soldiers", "%", " percentage points", " km", " miles", " days", " months", " of 48"]
)
PHRASES = st.builds("They saw {}{}{}.".format, HEDGES, NUMBERS, THINGS) | st.sampled_from(
    ["€5.", "$3bn.", "The 3rd time.", "On May 7.", "In 2018.", "July 1 thru September 30.", "Q3 2018.", "Last week."]
)


def figures_of(text):
    return read_figures(text, reference_date=ON) + read_figures(text)


@given(PHRASES, PHRASES)
def test_two_figures_get_a_known_answer_the_same_both_ways_round(one, other):
    for claim in figures_of(one):
        for source in figures_of(other):
            found = compare_figures(claim, source)

            assert found.result in RESULTS
            assert found.rule and found.reason.strip()
            assert compare_figures(source, claim).result == found.result


@given(PHRASES)
def test_a_figure_is_equal_to_itself(text):
    for figure in figures_of(text):
        assert compare_figures(figure, figure).result == "equal"


@given(PHRASES)
def test_a_figure_kept_as_data_compares_as_the_figure_itself(text):
    for figure in figures_of(text):
        kept = Figure.from_dict(figure.as_dict())

        assert compare_figures(figure, kept).result in {"equal", "within"}
        assert kept.as_dict() == figure.as_dict()


@given(st.text(max_size=80) | PHRASES, st.text(max_size=80) | PHRASES)
def test_any_two_texts_are_answered(claim, source):
    found = compare_texts(claim, source, reference_date=ON)

    assert found.result in RESULTS
    assert found.reason.strip()


def test_two_endless_tables_are_answered():
    assert compare_texts("12 boats, " * 5000, "14 boats, " * 5000).result == "conflicts"
