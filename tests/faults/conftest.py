"""A plant that all fault tests of one process share; what a test kills is started again by the next that needs it."""

import pytest
from django.db import connection

from sources.models import Snapshot, Source, SourceCheck, Worker
from tests.faults.plant import FACTOR, Plant
from tests.journeys.installation import own_database


@pytest.fixture(scope="session")
def started_plant(tmp_path_factory, migrated):
    folder = tmp_path_factory.mktemp("faults")
    with own_database(folder, copy_of=migrated) as database_url:
        made = Plant(folder, database_url)
        try:
            made.broker.start()
            made.tick()
            made.tick()
            yield made
        finally:
            made.end()


@pytest.fixture
def plant(request, started_plant, django_db_setup, django_db_blocker, settings):
    """The plant with an empty database, which the test's own queries go to as well.

    Celery's workers run on from one test that wants them to the next; where one does not, they would look at
    its sources too.
    """
    if "at_work" not in request.fixturenames:
        for process in started_plant.processes:
            process.kill()
    started_plant.broker.say("FLUSHALL")
    suites_own = connection.settings_dict["NAME"]
    connection.close()
    url = started_plant.env["DATABASE_URL"]
    connection.settings_dict["NAME"] = url.removeprefix("sqlite:///") if "sqlite" in url else url.rpartition("/")[2]
    settings.MEDIA_ROOT = started_plant.env["FACTCHECK_MEDIA"]
    settings.FETCH_ALLOWED_ORIGIN = started_plant.site.origin
    settings.FETCH_SPACING, settings.FETCH_ROBOTS = 0, False
    settings.CHECKS_PER_MINUTE, settings.SWEEP_EVERY, settings.WORKER_STOP_AFTER = 10_000, 0.3, 1
    settings.CHECK_BATCH = 10
    for name in ("CHECK_HINT", "CHECK_LEASE", "CHECK_HEARTBEAT", "CIRCUIT_OPEN"):
        setattr(settings, name, getattr(settings, name) * FACTOR)
    settings.CHECK_RETRY_WAITS = [wait * FACTOR for wait in settings.CHECK_RETRY_WAITS]
    every = {"check-due-sources": {"task": "sources.tasks.check_due_sources", "schedule": 0.3}}
    settings.CELERY_BEAT_SCHEDULE = every
    try:
        with django_db_blocker.unblock():
            for model in (SourceCheck, Snapshot, Source, Worker):
                model.objects.all().delete()
            yield started_plant
            started_plant.ticking = False
            started_plant.site.open_again()
            started_plant.end_forks()
            connection.close()
    finally:
        connection.settings_dict["NAME"] = suites_own
