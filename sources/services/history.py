"""Who changed a row, when, and how: said in the next history entry of any row that keeps one."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User


def sign_history(row: Any, *, by: User | None, now: datetime, change: str) -> None:
    """Sign the row's next history entry; `by` None is the machine. The row is saved by the caller."""
    row._history_user = by
    row._history_date = now
    row._change_reason = change
