"""Checks: leased once, recorded once, and a failure moves only what a failure may move."""

from datetime import timedelta

import pytest

from sources.models import Source, SourceCheck
from sources.outcomes import Outcome
from sources.services import checks, leases, records
from sources.services.sources import register_source
from sources.web import FetchResult
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TEXT = "The harbour office publishes its figures each month, and counted 412 arrivals in May, more than ever."


def look(source, now):
    check = checks.check_source(source_id=source.pk, requested_by=None, clock=lambda: now)
    source.refresh_from_db()
    return check


@pytest.fixture
def source(web):
    web.says("/report", TEXT, TEXT)
    made, _ = register_source(url=web.url("/report"), by=None, now=NOW)
    return made


def test_one_address_in_other_clothes_is_one_source(source, web):
    again, is_new = register_source(url=f"HTTP://{web.origin}/report#figures", by=None, now=NOW)

    assert (again, is_new) == (source, False)


def test_a_first_look_keeps_what_the_page_says(source):
    check = look(source, NOW)

    snapshot = source.snapshots.get()
    assert (check.outcome, source.link_state) == ("ok", Source.LinkState.LIVE)
    assert TEXT in snapshot.text
    assert source.title == "report"
    assert snapshot.capture.read()[:2] == b"\x1f\x8b"
    assert source.next_check_at > NOW


@pytest.mark.parametrize("nothing", ["", "&nbsp;&#8203;"])
def test_a_page_without_text_is_empty_and_leaves_what_was_read_before(source, web, nothing):
    look(source, NOW)
    web.says("/report", nothing)

    check = look(source, NOW + DAY)

    assert (check.outcome, check.page_class, check.link_state) == ("empty", "empty", Source.LinkState.LIVE)
    assert (source.snapshots.count(), source.last_confirmed_at) == (1, NOW)


def test_the_same_text_again_adds_no_snapshot(source):
    look(source, NOW)
    check = look(source, NOW + DAY)

    assert source.snapshots.count() == 1
    assert not check.has_changed
    assert source.last_confirmed_at == NOW + DAY


def test_the_same_bytes_in_another_encoding_are_read_anew(source, web):
    web.says("/report", TEXT, "The quay of Tønsberg was closed.")
    look(source, NOW)
    web.pages["/report"].headers = {"Content-Type": "text/html; charset=iso-8859-1"}

    look(source, NOW + DAY)

    assert [("Tønsberg" in snapshot.text) for snapshot in source.snapshots.all()] == [False, True]


def test_a_late_result_is_refused_and_the_newer_one_stands(source):
    with leases.leased(source_ids=[source.pk]) as (held,):
        late = records.Look(held.pk, held.attempt, FetchResult(held.url, held.url, Outcome.TIMEOUT), Outcome.TIMEOUT)
        Source.objects.update(lease_expires_at=None)
        look(source, NOW + DAY)

    assert records.record_looks(looks=[late], requested_by=None, now=NOW + DAY) == []
    assert SourceCheck.objects.count() == 1


def test_death_takes_three_failures_each_three_days_after_the_one_counted_before(source, web):
    look(source, NOW)
    web.says("/report", "No.", status=404)
    states = []
    for days in (1, 2, 3, 4, 5, 7):
        look(source, NOW + days * DAY)
        states.append((days, source.link_state))

    assert states == [(1, "failing"), (2, "failing"), (3, "failing"), (4, "failing"), (5, "failing"), (7, "dead")]


def test_a_dead_source_that_answers_again_is_live(source, web):
    look(source, NOW)
    web.says("/report", "Gone.", status=410)
    look(source, NOW + DAY)
    look(source, NOW + 2 * DAY)
    assert source.link_state == Source.LinkState.DEAD

    web.says("/report", TEXT, TEXT)
    look(source, NOW + 3 * DAY)

    assert source.link_state == Source.LinkState.LIVE


@pytest.mark.parametrize(
    ("status", "state"),
    [(401, "blocked"), (403, "blocked"), (429, "blocked"), (451, "blocked"), (404, "failing"), (500, "failing")],
)
def test_a_failed_look_moves_only_the_time_of_the_attempt(source, web, status, state):
    look(source, NOW)
    web.says("/report", "No.", status=status)

    look(source, NOW + DAY)

    assert source.link_state == state
    assert source.last_attempted_at == NOW + DAY
    assert source.last_succeeded_at == source.last_confirmed_at == NOW
    assert source.snapshots.count() == 1


def test_a_permanent_redirect_is_moved_and_both_addresses_are_kept(source, web):
    web.says("/new", TEXT, TEXT)
    web.says("/report", "", status=301, Location=web.url("/new"))

    look(source, NOW)

    assert source.link_state == Source.LinkState.MOVED
    assert (source.url, source.moved_to) == (web.url("/report"), web.url("/new"))
