"""Dates and periods, placed by the day the text was written."""

from datetime import date

import pytest

from claims.extraction import read_figures

ON = date(2022, 3, 16)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "span", "low", "high", "kind"),
    [
        ("The bridge fell in 2024.", "2024", "2024-01-01", "2024-12-31", "period"),
        ("The 2016 election was close.", "2016", "2016-01-01", "2016-12-31", "period"),
        ("It opened on May 7.", "May 7", "2022-05-07", "2022-05-07", "date"),
        ("It opened on 7 May 2019.", "7 May 2019", "2019-05-07", "2019-05-07", "date"),
        ("It opened on May 7th, 2019, at noon.", "May 7th, 2019", "2019-05-07", "2019-05-07", "date"),
        ("It opened on the 7th of May 2019.", "7th of May 2019", "2019-05-07", "2019-05-07", "date"),
        ("It opened on 2019-05-07.", "2019-05-07", "2019-05-07", "2019-05-07", "date"),
        (
            "It ran in the quarter (July 1 thru September 30).",
            "July 1 thru September 30",
            "2021-07-01",
            "2021-09-30",
            "period",
        ),
        (
            "It ran from July 1 to September 30, 2018.",
            "July 1 to September 30, 2018",
            "2018-07-01",
            "2018-09-30",
            "period",
        ),
        ("It ran May 3-9.", "May 3-9", "2022-05-03", "2022-05-09", "period"),
        (
            "The first two weeks of 2022 were calm.",
            "The first two weeks of 2022",
            "2022-01-01",
            "2022-01-14",
            "period",
        ),
        ("Sales fell in Q3 2018.", "Q3 2018", "2018-07-01", "2018-09-30", "period"),
        (
            "Sales fell in the third quarter of 2018.",
            "the third quarter of 2018",
            "2018-07-01",
            "2018-09-30",
            "period",
        ),
        ("Sales fell in the first half of 2021.", "the first half of 2021", "2021-01-01", "2021-06-30", "period"),
        ("They spoke last week.", "last week", "2022-03-07", "2022-03-13", "period"),
        ("They spoke last year.", "last year", "2021-01-01", "2021-12-31", "period"),
        ("They spoke last month.", "last month", "2022-02-01", "2022-02-28", "period"),
        ("They spoke yesterday.", "yesterday", "2022-03-15", "2022-03-15", "date"),
        ("They spoke on Monday.", "Monday", "2022-03-14", "2022-03-14", "date"),
        ("It was common in the mid-2000s.", "mid-2000s", "2003-01-01", "2006-12-31", "period"),
        ("It was common in the 1990s.", "1990s", "1990-01-01", "1999-12-31", "period"),
        ("It grew over the past decade.", "past decade", "2012-03-16", "2022-03-16", "period"),
        ("They left in January 2020.", "January 2020", "2020-01-01", "2020-01-31", "period"),
        ("He was killed in November.", "November", "2021-11-01", "2021-11-30", "period"),
        ("It struck in late 2019.", "late 2019", "2019-09-01", "2019-12-31", "period"),
        ("It was drawn up in 2018-19.", "2018-19", "2018-01-01", "2019-12-31", "period"),
        ("It ran from 2015 to 2019.", "2015 to 2019", "2015-01-01", "2019-12-31", "period"),
        ("It ran between 2015 and 2019.", "2015 and 2019", "2015-01-01", "2019-12-31", "period"),
        ("The summer of 2019 was dry.", "summer of 2019", "2019-06-01", "2019-08-31", "period"),
        ("Polls last fall went badly.", "last fall", "2021-09-01", "2021-11-30", "period"),
    ],
)
def test_a_date_or_period_is_read_as_its_first_and_last_day(text, span, low, high, kind):
    found = [figure.as_dict() for figure in read_figures(text, reference_date=ON)]

    assert [(f["text"], f["low"], f["high"], f["kind"]) for f in found] == [(span, low, high, kind)]


def test_a_day_without_a_year_has_no_bounds_where_nobody_says_when_the_text_was_written():
    (figure,) = read_figures("It opened on May 7.")

    assert (figure.text, figure.low, figure.high) == ("May 7", None, None)


def test_a_four_digit_count_is_no_year():
    (figure,) = read_figures("The storm killed 2024 sheep.")

    assert (figure.low, figure.unit, figure.is_calendar) == (2024, "sheep", False)
