"""Who changed a row, when, and how: said in the next history entry of any row that keeps one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model


def sign_history(row: Any, *, by: User | None, now: datetime, change: str) -> None:
    """Sign the row's next history entry; `by` None is the machine. The row is saved by the caller."""
    row._history_user = by
    row._history_date = now
    row._change_reason = change


def record_many(
    model: type[Model], ids: Sequence[int], *, by: User | None, now: datetime, change: str, kind: str = "+"
) -> None:
    """Write the history entries of many rows of one model with one statement for each of its tables.

    For rows written or about to be deleted in bulk, of which no signal tells; their many-to-many rows go along.
    """
    if not ids:
        return
    history: Any = model.history.model  # type: ignore[attr-defined]
    name = connection.ops.quote_name
    listed = ", ".join(["%s"] * len(ids))
    at = connection.ops.adapt_datetimefield_value(now)
    columns = [name(field.column) for field in history.tracked_fields]
    said = [name(column) for column in ("history_date", "history_change_reason", "history_type", "history_user_id")]
    table, history_table = name(model._meta.db_table), name(history._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {history_table} ({', '.join([*columns, *said])}) "  # noqa: S608 (names of our own tables)
            f"SELECT {', '.join(columns)}, {_typed('%s')}, %s, %s, {'%s' if by else 'NULL'} "
            f"FROM {table} WHERE id IN ({listed})",
            [at, change, kind, *([by.pk] if by else []), *ids],
        )
        for field in history._history_m2m_fields:
            _record_pairs(cursor, field, history, history_table, [kind, at, *ids], listed)


def _record_pairs(cursor: Any, field: Any, history: Any, history_table: str, given: list[Any], listed: str) -> None:
    """Write the history of one many-to-many field's rows, beside the entries that were just written."""
    name = connection.ops.quote_name
    own, other = name(field.m2m_column_name()), name(field.m2m_reverse_name())
    kept = next(
        row.related_model for row in history._meta.related_objects
        if field.m2m_reverse_field_name() in {kept.name for kept in row.related_model._meta.fields}
        and hasattr(row.related_model, "m2m_history_id")
    )  # fmt: skip
    cursor.execute(
        f"INSERT INTO {name(kept._meta.db_table)} (id, {own}, {other}, history_id) "  # noqa: S608
        f"SELECT pair.id, pair.{own}, pair.{other}, entry.history_id "
        f"FROM {name(field.remote_field.through._meta.db_table)} pair "
        f"JOIN {history_table} entry ON entry.id = pair.{own} "
        f"AND entry.history_type = %s AND entry.history_date = {_typed('%s')} WHERE pair.{own} IN ({listed})",
        given,
    )


def _typed(value: str) -> str:
    """A time among selected values: PostgreSQL would take it for a text."""
    return f"CAST({value} AS timestamp with time zone)" if connection.vendor == "postgresql" else value
