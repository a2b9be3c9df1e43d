"""`manage.py rebuild_match_index`: build this machine's index of claims anew, with progress."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from claims.management.lines import LineCommand
from claims.services.match_index import ClaimIndex

PROGRESS_EVERY = 2.0  # seconds


class Command(LineCommand):
    """Build the index of claims of this machine anew."""

    help = (
        "Build the index of claims that MATCH_INDEX names anew, beside the one in use, and put it in its place. Never "
        "necessary: a lost or stale index rebuilds itself. Useful before a machine with many claims is first asked."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        index, self._told_at = ClaimIndex(Path(settings.MATCH_INDEX)), time.monotonic()
        try:
            if not index.rebuild(told=self._tell):
                raise CommandError("Another process is rebuilding it at this moment.")
        except OSError as error:
            raise CommandError(f"{settings.MATCH_INDEX} cannot be written: {error.strerror or error}.") from None
        self.stdout.write(f"{settings.MATCH_INDEX} holds every claim.")

    def _tell(self, done: int, total: int) -> None:
        if time.monotonic() - self._told_at >= PROGRESS_EVERY:
            self._told_at = time.monotonic()
            self.refuse(f"{done:,} of {total:,} claims …")
