"""Celery's workers and the broker as they run: told to end, deaf, killed; away, frozen, empty, full."""

import signal
import threading

import pytest
from celery import Celery
from django.db import connection
from django.test import Client

from factcheck.worker import EX_DEAF
from sources.models import Source, Worker
from sources.wake import circuit, wake
from tests.faults.plant import TEXT, due, looks, wait_for

pytestmark = pytest.mark.xdist_group("faults")


def pages(plant, folder, count):
    return [plant.site.says(f"/{folder}/{number}", TEXT, f"Berth {number} is open.") for number in range(count)]


class WebProcess:
    """This process as one that serves requests, with the plant's broker for its own."""

    def __init__(self, plant):
        self.people, self.sent, self.send = plant.people, 0, Celery.send_task

    def send_task(self, app, name, kwargs, **options):
        self.sent += 1
        self.send(self.people, name, kwargs=kwargs, queue="now", retry=False)

    def ping(self):
        with self.people.connection_for_write() as line:
            line.ensure_connection(max_retries=1, timeout=2)

    def wakes(self, source) -> bool:
        """Ask for a look as a request does, within a request's patience of five seconds; tell whether it was sent."""

        def request():
            wake("sources.tasks.check_now", source_id=source.pk, requested_by=None)
            connection.close()

        asking = threading.Thread(target=request)
        asking.start()
        asking.join(5)
        assert not asking.is_alive()
        return not circuit.is_open


@pytest.fixture
def web_process(plant, monkeypatch):
    made = WebProcess(plant)
    monkeypatch.setattr("celery.Celery.send_task", lambda app, *args, **kwargs: made.send_task(app, *args, **kwargs))
    monkeypatch.setattr("sources.wake.ping_broker", made.ping)
    return made


def test_without_a_broker_pages_answer_and_a_sweep_does_the_work(plant, web_process):
    plant.broker.kill()
    try:
        (source,) = due(*pages(plant, "polled", 1))
        plant.sweeper()

        assert web_process.wakes(source) is False
        assert circuit.is_open
        before = web_process.sent
        assert web_process.wakes(source) is False
        assert web_process.sent == before  # after the first failure no request waits for a broker
        wait_for(lambda: looks(source), "the look")
        ready = Client().get("/readyz").json()
        assert (ready["status"], ready["broker"], ready["unserved"]) == ("degraded", "away", [])
        assert Client().get("/healthz").status_code == 200
    finally:
        plant.broker.start()


def test_a_frozen_broker_is_asked_once_and_then_not_for_a_while(plant, web_process):
    (source,) = due(*pages(plant, "frozen", 1))
    plant.broker.kill(signal.SIGSTOP)
    try:
        assert web_process.wakes(source) is False
        before = web_process.sent
        assert web_process.wakes(source) is False
        assert web_process.sent == before
    finally:
        plant.broker.kill(signal.SIGCONT)
    wait_for(lambda: web_process.wakes(source), "the circuit to close")


@pytest.mark.parametrize(
    ("setting", "sick", "well"),
    [("maxmemory", "1", "0"), ("min-replicas-to-write", "1", "0")],
    ids=["full", "read-only"],
)
def test_a_broker_that_takes_nothing_is_as_one_that_is_away(plant, web_process, setting, sick, well):
    (source,) = due(*pages(plant, "full", 1))
    plant.broker.say("CONFIG", "SET", setting, sick)
    try:
        assert web_process.wakes(source) is False
        plant.sweeper()
        wait_for(lambda: looks(source), "the look")
    finally:
        plant.broker.say("CONFIG", "SET", setting, well)
    wait_for(lambda: web_process.wakes(source), "the circuit to close")


def test_what_a_broker_evicts_is_done_all_the_same(plant, web_process):
    (source,) = due(*pages(plant, "evicted", 1))
    plant.broker.say("CONFIG", "SET", "maxmemory-policy", "allkeys-random")
    try:
        assert web_process.wakes(source) is True
        assert plant.waiting_messages() == 1
        plant.broker.say("CONFIG", "SET", "maxmemory", "1")
        plant.broker.say("SET", "more", "than there is room for")
        assert plant.waiting_messages() == 0
        plant.sweeper()
        wait_for(lambda: looks(source), "the look")
    finally:
        plant.broker.say("CONFIG", "SET", "maxmemory", "0")
        plant.broker.say("CONFIG", "SET", "maxmemory-policy", "noeviction")


@pytest.fixture
def at_work(plant):
    """A worker of two processes, with two timetables ticking."""
    plant.ticking = True
    yield plant.worker("crew", processes=2).ready()
    plant.ticking = False


def test_a_message_delivered_three_times_or_for_nothing_has_one_effect_or_none(plant, at_work):
    (source,) = due(*pages(plant, "page", 1))

    for _ in range(3):
        plant.send("sources.tasks.check_now", source_id=source.pk, requested_by=None)
        plant.send("sources.tasks.check_sources", source_ids=[source.pk])
    plant.send("sources.tasks.check_now", source_id=987654, requested_by=None)
    plant.send("sources.tasks.check_sources", source_ids=[987655])
    plant.send("claims.tasks.read_article", article_id=987656)

    for number in (987654, 987655, 987656):
        wait_for(lambda number=number: at_work.said(str(number)), f"a word about {number}")
    wait_for(lambda: not plant.waiting_messages(), "the queues to be empty")
    warnings = [line for line in at_work.log.read_text().splitlines() if '"warning"' in line and "98765" in line]
    assert len(warnings) == 3
    wait_for(lambda: looks(source), "the look")
    assert looks(source) == [(1, "ok")]
    assert plant.site.requests == ["/page/0"]


def test_a_worker_told_to_end_gives_back_what_it_cannot_finish(plant, at_work):
    sources = due(*(plant.site.hold(f"/held/{number}") for number in range(10)))
    wait_for(lambda: Source.objects.filter(lease_expires_at__isnull=False).count() == 10, "ten looks under way")
    plant.ticking = False

    at_work.tell(signal.SIGTERM)

    assert at_work.wait() == 0
    assert at_work.children() == []
    rows = Source.objects.order_by().values_list("attempts_without_outcome", "lease_expires_at", "checks")
    assert set(rows) == {(0, None, None)}
    plant.site.open_again()
    sweeper = plant.sweeper()
    wait_for(lambda: all(looks(source) for source in sources), "all ten")
    sweeper.tell(signal.SIGTERM)
    assert sweeper.wait() == 0
    assert {tuple(looks(source)) for source in sources} == {((2, "ok"),)}


def test_a_deaf_worker_ends_itself_and_the_next_one_drains_what_waited(plant, at_work):
    wait_for(lambda: Worker.objects.awake().filter(name="crew@faults"), "its row")
    for queue in ("checks", "now"):
        plant.deafen(at_work, queue)
    sources = due(*pages(plant, "waits", 5))

    assert at_work.wait() == EX_DEAF

    assert not Worker.objects.filter(name="crew@faults").exists()
    plant.worker("crew")
    wait_for(lambda: all(looks(source) for source in sources), "the backlog")


def test_a_broker_that_comes_back_empty_is_told_again_of_everything_that_waits(plant, at_work):
    sources = due(*(plant.site.hold(f"/held/{number}") for number in range(2)))
    wait_for(lambda: Source.objects.filter(lease_expires_at__isnull=False).count() == 2, "both looks under way")
    waiting = due(*pages(plant, "queued", 8))
    wait_for(lambda: Source.objects.filter(handed_out_at__isnull=False).count() == 10, "the rest to be handed out")

    plant.broker.kill()
    plant.broker.start(empty=True)
    plant.site.open_again()

    wait_for(lambda: all(looks(source) for source in [*sources, *waiting]), "every look")
    assert all(source.snapshots.count() == 1 for source in [*sources, *waiting])
