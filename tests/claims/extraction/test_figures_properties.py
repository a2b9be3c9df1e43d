"""What holds for every text: slices, order, values that read back, time that grows with length."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction import read_figures
from claims.extraction.lang_en import SMALL, TENS

ON = date(2022, 3, 16)
PHRASES = (
    "and to of in the a one two three half third hundred million dozen several about more than at least between "
    "from % percent per cent 28 48 1,200 3.5bn $ € - – . , ( ) “ ” May 2024 last week first aged people boats "
    "1/2 ½ 9/11 F-16 52nd or over"
)
WORDS = st.sampled_from(PHRASES.split())
SMALL_WORDS = {value: word for word, value in SMALL.items() if word not in {"nought", "naught"}}


def in_words(value):
    """Write a whole number below a billion as a careful editor would."""
    if value < 20 or (value < 100 and value % 10 == 0):
        return SMALL_WORDS[value]
    if value < 100:
        return f"{SMALL_WORDS[value // 10 * 10]}-{SMALL_WORDS[value % 10]}"
    for scale, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= scale:
            rest = value % scale
            joint = " and " if 0 < rest < 100 else " "
            return f"{in_words(value // scale)} {name}{joint}{in_words(rest) if rest else ''}".strip()
    raise AssertionError


def only(text):
    (figure,) = read_figures(text)
    return figure


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS).map("".join)))
def test_any_text_is_answered_with_slices_in_order_and_the_same_twice(text):
    figures = read_figures(text, reference_date=ON)
    end = 0
    for figure in figures:
        assert figure.start >= end
        assert text[figure.start : figure.end] == figure.text != ""
        assert set(figure.as_dict()) >= {"start", "end", "low", "high", "qualifier", "unit", "whole"}
        assert figure.low is None or figure.high is None or figure.low <= figure.high
        end = figure.end
    assert read_figures(text, reference_date=ON) == figures


@given(st.integers(2, 10**9 - 1))
def test_a_number_reads_back_from_words(value):
    figure = only(f"They counted {in_words(value)} boats.")

    assert (figure.low, figure.high, figure.unit) == (value, value, "boats")


@given(st.integers(0, 10**15).filter(lambda value: value != 1), st.sampled_from([",", "\u202f", "\u00a0", "\u2009"]))
def test_a_number_reads_back_from_digits_with_and_without_separators(value, mark):
    for written in (str(value), f"{value:,}".replace(",", mark)):
        figure = only(f"They counted {written} boats.")

        assert (figure.low, figure.high, figure.unit) == (value, value, "boats")


@given(st.decimals("0.1", "999.9", places=1), st.sampled_from([("million", 6), ("bn", 9), ("trillion", 12)]))
def test_a_sum_of_money_reads_back_with_its_scale(value, scale):
    name, zeros = scale
    figure = only(f"It cost €{value}{'' if name == 'bn' else ' '}{name} to build.")

    assert (figure.low, figure.unit) == (value * 10**zeros, "EUR")


@given(st.decimals("-99.99", "999.99", places=2), st.sampled_from(["%", " per cent", " percent"]))
def test_a_percentage_reads_back(value, sign):
    figure = only(f"It changed by {value}{sign} again.")

    assert (figure.low, figure.unit) == (value, "%")


@given(st.integers(2, 9999), st.integers(1, 9999), st.sampled_from(["{} to {}", "between {} and {}", "{:,}–{:,}"]))
def test_a_range_reads_back_with_both_ends(low, more, form):
    if 1800 <= low <= 2099 or 1800 <= low + more <= 2099:
        low, more = low + 10_000, more + 10_000  # years are not counts
    figure = only("They saw " + form.format(low, low + more) + " boats.")

    assert (figure.low, figure.high, figure.unit) == (low, low + more, "boats")


@given(st.integers(1, 500), st.integers(1, 500))
def test_a_part_of_a_whole_reads_back(part, rest):
    figure = only(f"They lost {part} of their {part + rest} boats.")

    assert (figure.low, figure.whole, figure.unit) == (part, part + rest, "boats")


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)))
def test_a_day_reads_back_however_it_is_written(day):
    for form in ("%B %d, %Y", "%d %B %Y", "%Y-%m-%d"):
        figure = only(f"It opened on {day.strftime(form)}.")

        assert (figure.low, figure.high) == (day, day)


HOSTILE = [
    "1,", "111,", "1 and ", "one and ", "9", "1-", "9^999 ", "May 1 to ", "a few ", "hundred ", "hundred and ", "and ",
    "one half ", "third ", "twenty firsts ", "1/", "+1 22 ", "1 to ", "from 1 to ", "U.S. and ", "Guards and ", "(A ",
    "at least ", "$", "% ", "1 of ", "none of the ", "the ", "half the ", "one hundred and third ", "1:", "A-1 ", "½",
    "1.", "12,50,", "1-to-", "1 of the a’s ", "2019-", "last ", "or more ", "boats’s ", "\u0661", "-", "1e9",
    "between 1 and ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_of_any_length_is_read_to_its_end(piece):
    text = piece * (100_000 // len(piece))

    figures = read_figures(text, reference_date=ON)

    assert all(text[figure.start : figure.end] == figure.text for figure in figures)


def test_a_value_beyond_all_counting_is_refused_without_a_sound():
    assert read_figures("9" * 5000) == []
    assert [figure.low for figure in read_figures("1e300 1e9999")][:1] == [Decimal("1e300")]


def test_every_tens_word_is_known():
    assert [only(f"{word} boats sank.").low for word in TENS] == list(TENS.values())
