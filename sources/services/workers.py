"""Workers: who takes jobs, seen by what they do and not by their being there (R37)."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from sources.models import Worker

KEPT = timedelta(days=1)  # a silent worker's row, so that the desk sees who fell silent


def see_worker(*, name: str, serves: Iterable[str]) -> None:
    """Note that this worker asked for work or finished some just now; forget those silent for a day."""
    seen = {"serves": sorted(serves), "seen_at": Now()}
    Worker.objects.update_or_create(name=name[:200], defaults=seen, create_defaults={**seen, "started_at": Now()})
    Worker.objects.filter(seen_at__lt=Now() - KEPT).delete()


def forget_worker(*, name: str) -> None:
    """Strike off a worker that starts anew or ends as it should."""
    Worker.objects.filter(name=name[:200]).delete()


def unserved() -> list[str]:
    """Return what of JOB_ROLES, the queues and the timetable, no awake worker does."""
    done = {role for serves in Worker.objects.awake().values_list("serves", flat=True) for role in serves}
    return [role for role in settings.JOB_ROLES if role not in done]
