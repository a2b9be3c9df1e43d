"""Leases: every due source is looked at once, whoever sweeps, works, dies, or has the wrong time."""

import threading
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from sources.errors import SourceRefused
from sources.models import Source
from sources.services import leases
from sources.services.sources import make_due
from tests.factories import NOW, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def due():
    return SourceFactory(next_check_at=NOW)


def many_due(count):
    return SourceFactory.create_batch(count, next_check_at=NOW)


def pass_time(**time):
    """Let as much time pass for the rows as the database's clock cannot be made to jump."""
    ago = timedelta(**time)
    Source.objects.update(
        lease_expires_at=F("lease_expires_at") - ago,
        handed_out_at=F("handed_out_at") - ago,
        next_check_at=F("next_check_at") - ago,
    )


def die(source):
    """Lease a source and leave nothing behind, as a killed worker does."""
    with leases.leased(source_ids=[source.pk]) as held:
        return held


def test_a_due_source_is_handed_out_once_however_many_sweep(due):
    assert leases.hand_out() == [[due.pk]]
    assert leases.hand_out() == []


def test_a_lost_message_is_sent_again(due, settings):
    leases.hand_out()
    pass_time(seconds=settings.CHECK_HINT + 1)

    assert leases.hand_out() == [[due.pk]]


def test_a_source_is_leased_by_one_worker_and_its_attempt_counted_before_the_work(due):
    with leases.leased(source_ids=[due.pk]) as held:
        with leases.leased(source_ids=[due.pk]) as second:
            assert second == []
        assert [source.attempt for source in held] == [1]
        assert leases.hand_out() == []


def test_what_is_not_due_is_leased_only_for_a_person(due):
    Source.objects.update(next_check_at=timezone.now() + timedelta(days=1))

    with leases.leased(source_ids=[due.pk]) as held:
        assert held == []
    with leases.leased(source_ids=[due.pk], due_only=False) as held:
        assert held == [due]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_lease_is_renewed_while_the_work_goes_on(settings):
    settings.CHECK_HEARTBEAT = 0.01
    due = SourceFactory(next_check_at=NOW)
    with leases.leased(source_ids=[due.pk]) as (held,):
        Source.objects.update(lease_expires_at=NOW)
        pause = threading.Event()
        for _ in range(500):
            if Source.objects.expired().exists():
                pause.wait(0.01)
        assert not Source.objects.expired().exists()
        assert held.attempt == 1


def test_a_dead_workers_source_is_tried_again_after_a_wait_that_grows(due, settings):
    waits = []
    for _ in range(4):
        die(due)
        pass_time(seconds=settings.CHECK_LEASE + 1)
        assert leases.free_expired() == 1
        due.refresh_from_db()
        waits.append((due.next_check_at - timezone.now()).total_seconds())
        assert leases.hand_out() == []
        pass_time(days=1)

    expected = zip(waits, (30, 120, 600, 3600), strict=True)
    assert all(0.75 * wanted < wait < 1.25 * wanted for wait, wanted in expected), waits


def given_up(source, settings):
    for _ in range(settings.CHECK_TRIES):
        pass_time(days=1)
        die(source)
        pass_time(days=1)
        leases.free_expired()
    source.refresh_from_db()
    return source


def test_five_looks_without_an_outcome_are_given_up_and_queued_again_by_a_person(due, settings, django_user_model):
    given_up(due, settings)
    assert leases.hand_out() == []
    assert due.next_check_reason == "given up: 5 looks in a row left no outcome"
    assert list(Source.objects.given_up()) == [due]

    leases.requeue_source(source_id=due.pk, by=django_user_model(username="lea"))

    assert leases.hand_out() == [[due.pk]]
    due.refresh_from_db()
    assert (due.attempts_without_outcome, due.next_check_reason) == (0, "queued again by lea")
    with pytest.raises(SourceRefused, match="no longer given up"):
        leases.requeue_source(source_id=due.pk)


def test_whoever_asks_for_a_look_at_a_given_up_source_gets_it_with_all_its_tries(due, settings):
    given_up(due, settings)

    assert make_due(source_id=due.pk, now=timezone.now(), reason="asked for by Lea")

    due.refresh_from_db()
    assert due.attempts_without_outcome == 0


def test_a_source_whose_look_left_no_outcome_goes_alone(settings):
    sources = many_due(4)
    die(sources[1])
    pass_time(seconds=settings.CHECK_LEASE + 1)
    leases.free_expired()
    pass_time(days=1)

    batches = leases.hand_out()

    assert sorted(map(len, batches)) == [1, 3]
    assert [sources[1].pk] in batches


def test_work_that_raises_is_tried_again_and_work_told_to_end_is_given_back(due):
    with pytest.raises(ZeroDivisionError), leases.leased(source_ids=[due.pk]):
        raise ZeroDivisionError
    due.refresh_from_db()
    assert (due.attempts_without_outcome, due.lease_expires_at) == (1, None)
    assert due.next_check_at > timezone.now()

    pass_time(minutes=1)
    with pytest.raises(SystemExit), leases.leased(source_ids=[due.pk]):
        raise SystemExit
    due.refresh_from_db()
    assert (due.attempts_without_outcome, due.lease_expires_at) == (1, None)
    assert leases.hand_out() == [[due.pk]]


def test_a_process_gives_back_its_own_leases_alone(due):
    other = SourceFactory(next_check_at=NOW)
    (held,) = die(due)
    die(other)
    Source.objects.filter(pk=other.pk).update(lease_owner="elsewhere:1:a")

    assert leases.release(owner=held.lease_owner.rpartition(":")[0] + ":") == 1

    assert leases.hand_out() == [[due.pk]]


def test_after_three_days_off_each_is_looked_at_once_and_no_more_in_a_minute_than_the_setting(settings):
    settings.CHECKS_PER_MINUTE, settings.CHECK_BATCH = 40, 20
    ids = {source.pk for source in many_due(130)}
    minutes = []
    while ids:
        handed = [leases.hand_out() for _ in range(4)]
        batches = [batch for sweep in handed for batch in sweep]
        minutes.append(sum(map(len, batches)))
        for batch in batches:
            with leases.leased(source_ids=batch) as held:
                ids -= {source.pk for source in held}
            Source.objects.filter(pk__in=batch).update(
                lease_expires_at=None, attempts_without_outcome=0, next_check_at=timezone.now() + timedelta(days=9)
            )
        pass_time(seconds=61)

    assert minutes == [40, 40, 40, 10]
    assert set(Source.objects.values_list("attempt", flat=True)) == {1}


def test_a_batch_is_smaller_than_the_setting_only_when_fewer_are_due(settings):
    settings.CHECKS_PER_MINUTE, settings.CHECK_BATCH = 30, 20
    many_due(45)
    assert [len(batch) for batch in leases.hand_out()] == [20, 10]

    pass_time(seconds=61)
    Source.objects.filter(handed_out_at__isnull=False).update(next_check_at=None)

    assert [len(batch) for batch in leases.hand_out()] == [15]


def test_a_sweep_asks_the_same_few_questions_however_many_are_due(settings, django_assert_max_num_queries):
    settings.CHECKS_PER_MINUTE = 1000
    many_due(150)

    with django_assert_max_num_queries(8):
        assert sum(map(len, leases.hand_out())) == 150


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(days=1), timedelta(hours=-1)])
def test_a_step_of_the_databases_clock_loses_and_doubles_nothing(due, step):
    (held,) = die(due)
    pass_time(seconds=step.total_seconds())

    leases.free_expired()
    pass_time(minutes=1)
    (batch,) = leases.hand_out()
    with leases.leased(source_ids=batch) as (again,):
        assert (held.attempt, again.attempt) == (1, 2)
