"""Many rows at once, below the ORM: what a row costs is its own bytes, not the building of a statement for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Max, Model


def new_ids(model: type[Model], count: int) -> Sequence[int]:
    """Return primary keys for so many new rows, to be inserted in the present transaction."""
    if count == 0:
        return []
    table, column = model._meta.db_table, model._meta.pk.column
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
            )
            return [pk for (pk,) in cursor.fetchall()]
    # The transaction took SQLite's one write lock when it began. A key that was deleted is not given again.
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        used = cursor.fetchone()
    highest = model._default_manager.aggregate(highest=Max("pk"))["highest"] or 0
    first = max(highest, used[0] if used else 0) + 1
    return range(first, first + count)


def insert_many(model: type[Model], varying: Sequence[str], rows: Iterable[Sequence[Any]], **constant: Any) -> None:
    """Insert rows given by the values of their varying columns, in the database's own form (see `as_stored`).

    What neither varies nor is constant has the field's default. Signals are not sent; history is the caller's.
    """
    names = list(varying)
    fixed: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.attname in names or (field.primary_key and field.attname not in constant):
            continue
        value = constant[field.attname] if field.attname in constant else field.get_default()
        fixed[field.attname] = field.get_db_prep_save(value, connection)
    columns = {field.attname: connection.ops.quote_name(field.column or "") for field in model._meta.concrete_fields}
    listed = ", ".join(columns[name] for name in [*names, *fixed])
    table = connection.ops.quote_name(model._meta.db_table)
    tail = tuple(fixed.values())
    whole = [(*row, *tail) for row in rows]
    if not whole:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table} ({listed}) FROM STDIN"
            with connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
                for row in whole:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * (len(names) + len(fixed)))
            cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", whole)  # noqa: S608


def as_stored(model: type[Model], name: str) -> Any:
    """Return the function that puts a value of this field into the database's own form."""
    field: Any = model._meta.get_field(name)
    return lambda value: field.get_db_prep_save(value, connection)
