"""Leases of imports: one worker at a time has one in hand, and a late one writes nothing."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from claims.models import Import

TRIES = 5  # of one batch, by workers that end over it


def until():
    """Return when a lease that is given or renewed now ends, by the database's clock."""
    return Now() + timedelta(seconds=settings.IMPORT_LEASE)


def lease_import(import_id: int, state: str) -> Import | None:
    """Lease an import in this state for one worker, or return None when another has it or its tries are used up."""
    free = Import.objects.due().filter(pk=import_id, state=state)
    if not free.update(lease_expires_at=until(), attempt=F("attempt") + 1, tries=F("tries") + 1):
        return None
    run = Import.objects.select_related("started_by").get(pk=import_id)
    if run.tries > TRIES:
        fail_import(run, f"{TRIES} times a worker ended over it. What came in before stands.")
        return None
    return run


def fail_import(run: Import, reason: str, *, now: datetime | None = None) -> None:
    """End an import that cannot go on, unless another worker has it by now."""
    _end(run, Import.State.FAILED, reason, now)


def refuse_import(run: Import, reason: str, *, now: datetime) -> None:
    """End an import of which nothing comes in, unless another worker has it by now."""
    _end(run, Import.State.REFUSED, reason, now)


def _end(run: Import, state: str, reason: str, now: datetime | None) -> None:
    Import.objects.filter(pk=run.pk, attempt=run.attempt).update(
        state=state, reason=reason[:500], finished_at=now or Now(), lease_expires_at=None
    )
