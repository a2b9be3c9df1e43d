"""Workers: who takes jobs, seen by what they do and not by their being there (R37)."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from sources.models import Worker

KEPT = timedelta(days=1)  # a silent worker's row, so that the desk sees who fell silent


def see_worker(*, name: str, queues: Iterable[str], is_new: bool = False) -> None:
    """Note that this worker asked for work or finished some just now; forget those silent for a day."""
    started = {"started_at": Now()} if is_new else {}
    Worker.objects.update_or_create(
        name=name[:200],
        defaults={"queues": sorted(queues), "seen_at": Now(), **started},
        create_defaults={"queues": sorted(queues), "seen_at": Now(), "started_at": Now()},
    )
    Worker.objects.filter(seen_at__lt=Now() - KEPT).delete()


def forget_worker(*, name: str) -> None:
    """Strike a worker off that ends as it should."""
    Worker.objects.filter(name=name[:200]).delete()


def unserved_queues() -> list[str]:
    """Return the queues no awake worker takes jobs from."""
    served = {queue for queues in Worker.objects.awake().values_list("queues", flat=True) for queue in queues}
    return [queue for queue in settings.JOB_QUEUES if queue not in served]
