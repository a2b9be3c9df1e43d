"""The clock's edge: ids in, one service call, safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from .services import archives, checks, leases


@shared_task
def check_due_sources():
    """Lease the sources that are due and hand them out in batches; the timetable calls it."""
    due = leases.lease_due(now=timezone.now(), limit=settings.CHECKS_PER_SWEEP)
    for first in range(0, len(due), settings.CHECK_BATCH):
        check_sources.delay(source_ids=due[first : first + settings.CHECK_BATCH])


@shared_task
def check_sources(*, source_ids):
    """Look at these sources again, many at once. Run twice, it is only a second look."""
    checks.check_sources(source_ids=source_ids, clock=timezone.now)


@shared_task
def check_now(*, source_id, requested_by):
    """Look at one source because somebody waits for it."""
    user = get_user_model().objects.filter(pk=requested_by).first()
    checks.check_source(source_id=source_id, requested_by=user, clock=timezone.now)


@shared_task
def find_copies(*, source_id):
    """Ask the archive for copies of one source because somebody waits. Run twice, the second has nothing to ask."""
    archives.find_copies(source_id=source_id, clock=timezone.now)


@shared_task
def find_waiting_copies():
    """Ask the archive what a lost message did not get to ask; the timetable calls it."""
    for source_id in archives.waiting(now=timezone.now()):
        archives.find_copies(source_id=source_id, clock=timezone.now)
