"""Faults around a worker that lives on: a parser out of memory, a clock that is wrong, names that do not resolve."""

import socket
import sys
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from claims.models import Alert, Claim
from claims.services.alerts import follow_changed_sources
from sources import parsing, tasks
from sources.models import Source
from sources.services import leases
from tests.factories import SourceFactory, published
from tests.faults.plant import TEXT, looks

pytestmark = pytest.mark.django_db

HUNGRY = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))
sys.stdin.buffer.read(4)
bytearray(1 << 30)
"""


def due_at(url):
    return SourceFactory(url=url, next_check_at=timezone.now() - timedelta(days=30))


def test_a_parser_out_of_memory_is_an_outcome_and_the_worker_reads_the_next_page(web, monkeypatch):
    heavy, light = due_at(web.says("/heavy", TEXT, TEXT)), due_at(web.says("/light", TEXT, TEXT))
    with monkeypatch.context() as planted:
        parsing.close_parser()
        planted.setattr(parsing, "_CHILD", [sys.executable, "-c", HUNGRY])
        tasks.check_sources(source_ids=[heavy.pk])
    parsing.close_parser()

    tasks.check_sources(source_ids=[light.pk])

    assert (looks(heavy), looks(light)) == ([(1, "parse_limit")], [(1, "ok")])


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)])
def test_a_worker_whose_clock_is_wrong_holds_and_ends_its_leases_as_any_other(web, step):
    source = due_at(web.says("/page", TEXT, TEXT))
    Source.objects.update(registered_at=timezone.now(), published_on=None)
    with time_machine.travel(timezone.now() + step):
        with leases.leased(source_ids=[source.pk]) as held:
            assert held == [source]
        leases.free_expired()
    source.refresh_from_db()
    assert timedelta(0) < source.lease_expires_at - timezone.now() < timedelta(seconds=91)
    Source.objects.update(lease_expires_at=None)

    with time_machine.travel(timezone.now() + step):
        tasks.check_sources(source_ids=[source.pk])

    source.refresh_from_db()
    assert looks(source) == [(2, "ok")]
    assert timedelta(hours=1) < source.next_check_at - timezone.now() < timedelta(hours=13)
    assert leases.hand_out() == []


def test_names_that_do_not_resolve_are_unreachable_and_no_claim_changes(monkeypatch):
    def outage(*args, **kwargs):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", outage)
    claim = published()
    before = Claim.objects.values().get(pk=claim.pk)
    source = claim.evidence.get().snapshot.source
    Source.objects.update(url="https://harbour.example/report", next_check_at=timezone.now())

    for hour in range(1, 4):
        with time_machine.travel(timezone.now() + timedelta(hours=hour)):
            Source.objects.update(next_check_at=timezone.now() - timedelta(days=1))
            tasks.check_sources(source_ids=[source.pk])
            follow_changed_sources(now=timezone.now())

    source.refresh_from_db()
    assert [outcome for _, outcome in looks(source)] == ["unreachable"] * 3
    assert source.link_state == Source.LinkState.FAILING
    assert source.next_check_at - timezone.now() > timedelta(minutes=50)
    assert Claim.objects.values().get(pk=claim.pk) == before
    assert not Alert.objects.exists()
