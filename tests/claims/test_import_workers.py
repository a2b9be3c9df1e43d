"""Imports whose workers die, and several of them beside each other."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from claims.models import Claim, Claimant, Import, ImportedClaim, Topic
from claims.services import import_writing, importing
from tests.claims.import_files import REVIEWS, TABLE, begin, clock, feed
from tests.factories import NOW, DeskLeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return DeskLeadFactory()


class Killed(BaseException):
    """What a worker's end is to the code that runs in it."""


def killed_in_batch(monkeypatch, number):
    """Let the worker end within the transaction of its n-th batch."""
    write, batches = import_writing.Writer.write, []

    def ending(self, *args, **more):
        made = write(self, *args, **more)
        batches.append(made)
        if len(batches) == number:
            raise Killed
        return made

    monkeypatch.setattr(import_writing.Writer, "write", ending)


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_killed_worker_costs_its_batch_and_the_next_one_goes_on(lead, monkeypatch, settings, batch):
    settings.IMPORT_BATCH = 2
    run = begin(feed(*[[review] for review in REVIEWS]), lead)
    importing.confirm_import(import_id=run.pk, by=lead, now=NOW)
    with monkeypatch.context() as patch:
        killed_in_batch(patch, batch)
        with pytest.raises(Killed):
            importing.run_imports(clock=clock)
    run.refresh_from_db()
    assert (run.state, run.cursor) == (Import.State.RUNNING, 2 * (batch - 1))
    assert Claim.objects.count() == run.new_count == 2 * (batch - 1)

    assert importing.run_imports(clock=clock) == 0  # the dead worker's lease still holds
    Import.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert importing.run_imports(clock=clock) == 1

    run.refresh_from_db()
    assert (run.state, run.new_count, run.row_count, run.cursor) == (Import.State.DONE, 5, 5, 5)
    assert Claim.objects.count() == Claim.history.count() == 5


def test_a_killed_worker_leaves_nothing_of_a_whole_file(lead, monkeypatch):
    run = begin(TABLE, lead)
    importing.confirm_import(import_id=run.pk, by=lead, now=NOW)
    with monkeypatch.context() as patch:
        killed_in_batch(patch, 1)
        with pytest.raises(Killed):
            importing.run_imports(clock=clock)
    assert not Claim.objects.exists() and not Claim.history.exists()

    Import.objects.update(lease_expires_at=None)
    importing.run_imports(clock=clock)
    assert Claim.objects.count() == 2


def test_a_late_worker_writes_nothing_over_the_one_that_came_after(lead, monkeypatch):
    run = begin(TABLE, lead)
    importing.confirm_import(import_id=run.pk, by=lead, now=NOW)

    def overtaken(text):
        Import.objects.filter(pk=run.pk).update(attempt=99)
        return []

    monkeypatch.setattr(importing, "figures_in", overtaken)

    assert importing.run_import(import_id=run.pk, clock=clock) is False
    assert not Claim.objects.exists()


def test_a_file_that_kills_its_workers_is_given_up(lead, monkeypatch):
    run = begin(TABLE, lead)
    importing.confirm_import(import_id=run.pk, by=lead, now=NOW)

    def dying(text):
        raise Killed

    monkeypatch.setattr(importing, "figures_in", dying)
    for _ in range(5):
        with pytest.raises(Killed):
            importing.run_imports(clock=clock)
        Import.objects.update(lease_expires_at=None)
    importing.run_imports(clock=clock)

    run.refresh_from_db()
    assert run.state == Import.State.FAILED
    assert "5 times" in run.reason


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_file_by_several_at_once_gives_one_set(lead):
    content = b"text,claimants,topics\n" + b"".join(b"Claim %d.,Ann;Bo %d,Seats\n" % (n, n) for n in range(40))
    runs = [begin(content, lead) for _ in range(4)]
    for run in runs:
        importing.confirm_import(import_id=run.pk, by=lead, now=NOW)
    failed = []

    def one(pk):
        try:
            importing.run_import(import_id=pk, clock=clock)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(run.pk,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert Claim.objects.count() == ImportedClaim.objects.count() == Claim.history.count() == 40
    assert Claimant.objects.count() == 41 and Topic.objects.count() == 1
    assert sorted(Import.objects.values_list("new_count", "known_count", "state")) == [
        (0, 40, "done"), (0, 40, "done"), (0, 40, "done"), (40, 0, "done"),
    ]  # fmt: skip


def test_a_batch_costs_the_same_number_of_queries_however_many_rows_it_has(lead, django_assert_max_num_queries):
    for count in (10, 400):
        rows = b"".join(b"Claim %d of %d.,Ann %d\n" % (n, count, n) for n in range(count))
        run = begin(b"text,claimants\n" + rows, lead)
        importing.confirm_import(import_id=run.pk, by=lead, now=NOW)
        with django_assert_max_num_queries(45):
            importing.run_imports(clock=clock)
    assert Claim.objects.count() == 410
