"""Imports begun at the command line: a file of any size, known again by its content."""

import re
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Import

from .versions import require_work


@transaction.atomic
def begin_command(*, name: str, sha256: str, byte_count: int, by: User, now: datetime) -> Import:
    """Return the import of this file that was not brought to its end, or a new one; or raise NotPermitted."""
    require_work(by)
    unfinished = Import.objects.filter(via=Import.Via.COMMAND, sha256=sha256, state=Import.State.RUNNING)
    run = unfinished.select_for_update().first()
    if run is not None:
        unfinished.filter(pk=run.pk).update(tries=0)
        return run
    return Import.objects.create(
        via=Import.Via.COMMAND,
        name=re.split(r"[/\\]", name)[-1][:200],
        sha256=sha256,
        byte_count=byte_count,
        started_by=by,
        started_at=now,
        state=Import.State.RUNNING,
    )
