"""The clock's edge: ids in, one service call, safe to run twice."""

import logging

from celery import shared_task
from django.contrib.auth import get_user_model
from django.utils import timezone

from .models import Source
from .services import archives, checks, leases, workers

log = logging.getLogger(__name__)


@shared_task
def check_due_sources():
    """End expired leases and hand due sources to workers, in batches; the timetable calls it.

    Two at once do no harm, and what a lost message handed out, a later sweep hands out again.
    """
    workers.see_worker(name="timetable", serves=["timetable"])
    leases.free_expired()
    for batch in leases.hand_out():
        check_sources.delay(source_ids=batch)


@shared_task
def check_sources(*, source_ids):
    """Look at those of these sources that are still due, many at once. Run twice, the second finds nothing to do."""
    looks = checks.check_sources(source_ids=source_ids, clock=leases.database_clock())
    if len(looks) < len(source_ids):
        unknown = set(source_ids).difference(Source.objects.filter(pk__in=source_ids).values_list("pk", flat=True))
        if unknown:
            log.warning("no sources %s to look at; dropped", sorted(unknown))


@shared_task
def check_now(*, source_id, requested_by):
    """Look at one source that somebody asked for and made due. Run twice, the second finds nothing to do."""
    if not Source.objects.filter(pk=source_id).exists():
        log.warning("no source %s to look at; the message is dropped", source_id)
        return
    user = get_user_model().objects.filter(pk=requested_by).first()
    checks.check_sources(source_ids=[source_id], requested_by=user, clock=leases.database_clock())


@shared_task
def find_copies(*, source_id):
    """Ask the archive for copies of one source because somebody waits. Run twice, the second has nothing to ask."""
    archives.find_copies(source_id=source_id, clock=timezone.now)


@shared_task
def find_waiting_copies():
    """Ask the archive what a lost message did not get to ask; the timetable calls it."""
    for source_id in archives.waiting(now=timezone.now()):
        archives.find_copies(source_id=source_id, clock=timezone.now)
