"""Reads in plain SQL, for the few that are made so often that compiling a query costs more than running it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def first(sql: str, params: Sequence[Any]) -> Any:
    """Return the first row, or None."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def rows(sql: str, params: Sequence[Any]) -> list[Any]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def moment(at: Any) -> Any:
    """Return a stored time with its zone, None as it is; SQLite keeps it in UTC and without one."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def written(at: datetime) -> Any:
    """Return a time as the database compares it."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(at)


def unread(column: str) -> str:
    """Return SQL for a time's column that is not turned into a time for every row; `moment` does it for one."""
    return f"{column} || ''" if connections[DEFAULT_DB_ALIAS].vendor == "sqlite" else column
