"""Intervals: the wait before the next look follows what the source did, and says why in one sentence."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sources.intervals import Habits, Limits, span, usual_wait, wait_while_failing, wait_while_gone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMITS = Limits(first=6 * HOUR, shortest=HOUR, longest=30 * DAY, relied_on=DAY, stop_after=180 * DAY)
times = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2000))


@st.composite
def habits(draw):
    week = draw(st.integers(0, 200))
    return Habits(draw(times), draw(times), week, week + draw(st.integers(0, 200)), draw(st.booleans()))


def changed(known, **values):
    return Habits(**{**known.__dict__, **values})


def known(**values):
    usual = {"known_for": 100 * DAY, "quiet_for": 20 * DAY, "changes_in_week": 0, "changes_in_month": 0}
    return Habits(**{**usual, "is_relied_on": False, **values})


def test_the_sentence_and_the_wait_of_usual_sources():
    said = [
        (known(changes_in_week=2, changes_in_month=2), 6 * HOUR, "changed twice this week"),
        (known(changes_in_week=1, changes_in_month=3), 12 * HOUR, "changed once this week"),
        (known(changes_in_month=3), 16 * HOUR, "changed 3 times this month"),
        (known(), 5 * DAY, "unchanged for 20 days"),
        (known(is_relied_on=True), DAY, "unchanged for 20 days; a published claim rests on it"),
        (known(quiet_for=timedelta(0)), 6 * HOUR, "new to the desk"),
        (known(known_for=2 * DAY, quiet_for=6 * DAY), 12 * HOUR, "unchanged for 6 days, and not a week old"),
        (known(quiet_for=900 * DAY), 30 * DAY, "unchanged for 900 days"),
    ]

    assert [usual_wait(each, LIMITS) for each, _, _ in said] == [(wait, why) for _, wait, why in said]


@given(habits())
def test_the_wait_stays_between_the_limits(source):
    wait, _ = usual_wait(source, LIMITS)

    assert LIMITS.shortest <= wait <= (LIMITS.relied_on if source.is_relied_on else LIMITS.longest)


@given(habits(), st.integers(1, 50))
def test_more_changes_never_make_the_wait_longer(source, more):
    week = source.changes_in_week + more
    often = changed(source, changes_in_week=week, changes_in_month=source.changes_in_month + more)

    assert usual_wait(often, LIMITS)[0] <= max(usual_wait(source, LIMITS)[0], 2 * LIMITS.first)
    if source.changes_in_week:
        assert usual_wait(often, LIMITS)[0] <= usual_wait(source, LIMITS)[0]


@given(habits(), times)
def test_a_longer_quiet_never_makes_the_wait_shorter(source, more):
    assert usual_wait(changed(source, quiet_for=source.quiet_for + more), LIMITS)[0] >= usual_wait(source, LIMITS)[0]


@given(habits())
def test_a_claim_that_rests_on_it_never_makes_the_wait_longer(source):
    alone, relied_on = (usual_wait(changed(source, is_relied_on=relied), LIMITS)[0] for relied in (False, True))

    assert relied_on <= alone


@given(habits())
def test_the_sentence_says_what_the_wait_came_from(source):
    _, why = usual_wait(source, LIMITS)

    count = {"once": 1, "twice": 2}
    told = re.match(r"changed (once|twice|(\d+) times) this (week|month)", why)
    if source.changes_in_month:
        number = count.get(told[1]) or int(told[2])
        assert number == (source.changes_in_week if told[3] == "week" else source.changes_in_month)
        assert (told[3] == "week") == bool(source.changes_in_week)
    else:
        assert why.startswith(("new to the desk", f"unchanged for {span(source.quiet_for)}"))
    assert ("published claim" not in why) or source.is_relied_on


@given(times)
def test_a_failing_source_is_looked_at_often_enough_to_be_found_dead(absent):
    assert LIMITS.shortest <= wait_while_failing(absent, LIMITS) <= LIMITS.relied_on


@given(times)
def test_looking_never_stops_while_a_published_claim_rests_on_it(gone):
    assert wait_while_gone(gone, LIMITS, is_relied_on=True) == DAY
    assert wait_while_gone(gone, LIMITS, is_relied_on=False) == (None if gone >= 180 * DAY else 30 * DAY)
