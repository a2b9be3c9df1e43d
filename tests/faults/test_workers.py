"""Workers that are killed or paused: no look is lost, none is done twice, and one bad page harms no other."""

import os
import random
import signal
from collections import Counter
from contextlib import suppress

import pytest

from sources import tasks
from sources.models import Snapshot, Source, SourceCheck
from sources.services import leases
from tests.factories import NOW
from tests.faults.plant import TEXT, due, looker, looks, pass_waits, wait_for

pytestmark = pytest.mark.xdist_group("faults")


def look_at(*sources):
    """Do what a worker does with a message that names these sources."""
    return lambda: tasks.check_sources(source_ids=[source.pk for source in sources])


def kill(pid):
    assert pid > 1  # 0 would be our own group
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def test_a_worker_killed_while_it_fetches_costs_a_delay_and_no_look(plant):
    (source,) = due(plant.site.hold("/held"))
    worker = plant.fork(look_at(source))
    wait_for(lambda: "/held" in plant.site.requests, "the request")

    worker.kill()
    plant.site.open_again()
    plant.sweeper()

    wait_for(lambda: looks(source), "the second look")
    assert looks(source) == [(2, "ok")]
    assert Snapshot.objects.count() == 1


def test_a_worker_killed_after_its_snapshot_is_stored_leaves_nothing_to_do_twice(plant):
    (source,) = due(plant.site.says("/page", TEXT, TEXT))
    (later,) = due(plant.site.hold("/held"))

    def look_and_stay():
        look_at(source)()
        look_at(later)()

    worker = plant.fork(look_and_stay)
    wait_for(lambda: "/held" in plant.site.requests, "the first to be recorded and the second begun")
    worker.kill()
    plant.site.open_again()
    plant.sweeper()
    wait_for(lambda: looks(later), "what it had not done")

    assert (looks(source), looks(later)) == ([(1, "ok")], [(2, "ok")])
    assert plant.site.requests.count("/page") == 0  # not asked again since


def test_what_kills_its_worker_every_time_is_given_up_after_five_and_harms_no_other(plant):
    others = due(*(plant.site.says(f"/good/{number}", TEXT, f"Berth {number} is open.") for number in range(4)))
    (bad,) = due(plant.site.says("/poison", TEXT, TEXT))
    plant.site.on_request["/poison"] = lambda: kill(looker(Source.objects.get(pk=bad.pk)))

    def work():
        """Start a worker for each batch, as a pool does for each that it lost."""
        leases.free_expired()
        for batch in leases.hand_out():
            plant.fork(look_at(*Source.objects.filter(pk__in=batch))).wait()
        Source.objects.filter(lease_expires_at__isnull=False).update(lease_expires_at=NOW)  # nobody is left
        pass_waits()
        return Source.objects.given_up().exists()

    wait_for(work, "the dead letter")

    bad.refresh_from_db()
    assert (bad.attempt, looks(bad)) == (5, [])
    assert bad.next_check_reason == "given up: 5 looks in a row left no outcome"
    assert {tuple(looks(other)) for other in others} == {((2, "ok"),)}


def test_a_worker_paused_past_its_lease_finds_its_late_result_refused(plant):
    (source,) = due(plant.site.hold("/slow"))
    worker = plant.fork(look_at(source))
    wait_for(lambda: "/slow" in plant.site.requests and looker(source) == worker.pid, "its lease")
    worker.tell(signal.SIGSTOP)
    plant.site.let_go()
    plant.sweeper()
    wait_for(lambda: looks(source), "another worker's look")

    worker.tell(signal.SIGCONT)

    assert worker.wait() == 0
    assert looks(source) == [(2, "ok")]
    source.refresh_from_db()
    assert source.attempts_without_outcome == 0


def test_two_sweepers_and_two_timetables_look_at_each_source_once(plant):
    sources = due(*(plant.site.says(f"/once/{number}", TEXT, f"Berth {number}.") for number in range(30)))
    for _ in range(2):
        plant.sweeper()

    wait_for(lambda: SourceCheck.objects.count() >= len(sources), "every look")

    assert {tuple(looks(source)) for source in sources} == {((1, "ok"),)}
    assert Counter(plant.site.requests).most_common(1)[0][1] == 1


def test_jobs_whose_workers_are_killed_at_random_are_each_done_once(plant):
    """The small version of bench/kills.py, which kills broker and database as well, fifty times."""
    chance = random.Random(20261121)
    sources = due(*(plant.site.says(f"/job/{number}", TEXT, f"Berth {number} is open.") for number in range(80)))
    crew = [plant.sweeper() for _ in range(3)]

    for count in range(1, 7):
        wait_for(lambda count=count: pass_waits() or SourceCheck.objects.count() >= count * 10, f"{count * 10} looks")
        unlucky = chance.choice(crew)
        crew.remove(unlucky)
        unlucky.kill()
        crew.append(plant.sweeper())

    wait_for(lambda: pass_waits() or SourceCheck.objects.count() >= len(sources), "every look")
    for worker in crew:
        worker.tell(signal.SIGTERM)
        assert worker.wait() == 0
    assert not Source.objects.given_up().exists()
    states = Source.objects.order_by().values_list("link_state", "attempts_without_outcome", "lease_expires_at")
    assert set(states) == {("live", 0, None)}
    for model in (SourceCheck, Snapshot):
        assert set(Counter(model.objects.values_list("source", flat=True)).values()) == {1}
