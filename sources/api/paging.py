"""Pages by keyset: a cursor says where the last page ended, so depth costs nothing and no row repeats."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from .problems import Problem

DEFAULT_SIZE, LARGEST_SIZE = 50, 100
_PAGING = {"cursor", "page_size"}


def filters_of(query: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """Return the filters of a query string; raise Problem for one that is not known or holds a NUL."""
    if "page" in query:
        raise Problem(400, "invalid_page", "Pages are walked by `next`; there are no page numbers.", field="page")
    for name, value in query.items():
        if name not in known and name not in _PAGING:
            raise Problem(
                400, "invalid_filter", "This filter is not known here.", field=name, known=sorted({*known, *_PAGING})
            )
        if "\x00" in value:
            raise invalid_filter(name, "The value holds a character that cannot be looked for.")
    return {name: value for name, value in query.items() if name not in _PAGING}


def invalid_filter(name: str, message: str, **facts: Any) -> Problem:
    return Problem(400, "invalid_filter", message, field=name, **facts)


def one_of(name: str, value: str, choices: Iterable[str]) -> str:
    """Return a filter's value if it is one of these; or raise Problem."""
    if value not in choices:
        raise invalid_filter(name, f"Choose one of: {', '.join(choices)}.")
    return value


def page_size(query: Mapping[str, str], largest: int = LARGEST_SIZE) -> int:
    """Return how many rows a page holds, clamped to the largest; or raise Problem."""
    asked = query.get("page_size", str(DEFAULT_SIZE))
    if not (asked.isascii() and asked.isdigit() and asked.strip("0")):
        raise Problem(400, "invalid_page", "`page_size` is a whole number from 1.", field="page_size")
    return min(int(asked[:10]), largest)


def row_id(text: str) -> int | None:
    """Return a row's id as it stands in an address, or None if no row can have it."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if 0 < number < 2**63 else None


class Keyset:
    """The total order of a list, and the reading and writing of its cursors.

    `order` names fields as order_by does, the last one unique.
    """

    def __init__(self, *order: str):
        self.order = order
        self._fields = [name.removeprefix("-") for name in order]

    def page(
        self, rows: QuerySet, query: Mapping[str, str], largest: int = LARGEST_SIZE
    ) -> tuple[list[Any], str | None]:
        """Return one page of rows and the cursor of the next, or None at the end; or raise Problem."""
        size = page_size(query, largest)
        ordered = rows.order_by(*self.order)
        values = self.read(rows.model, query.get("cursor", ""))
        if values:
            ordered = ordered.filter(self._after(values))
        found = list(ordered[: size + 1])
        if len(found) <= size:
            return found, None
        row = found[size - 1]
        get: Callable[[str], Any] = row.get if isinstance(row, dict) else lambda name: getattr(row, name)
        return found[:size], self.cursor([get(name) for name in self._fields])

    def cursor(self, values: Iterable[Any]) -> str:
        """Return the cursor of the row with these values, in the order's order."""
        written = [value.isoformat() if isinstance(value, datetime) else value for value in values]
        return base64.urlsafe_b64encode(json.dumps(written).encode()).decode().rstrip("=")

    def _after(self, values: list[Any]) -> Q:
        # The first bound is implied by the rest; it stands alone so that an index finds the place by it.
        first = "lte" if self.order[0].startswith("-") else "gte"
        bound = Q(**{f"{self._fields[0]}__{first}": values[0]})
        after, equal = Q(), Q()
        for name, field, value in zip(self.order, self._fields, values, strict=True):
            comparison = "lt" if name.startswith("-") else "gt"
            after |= equal & Q(**{f"{field}__{comparison}": value})
            equal &= Q(**{field: value})
        return bound & after

    def read(self, model: type[Model], cursor: str) -> list[Any] | None:
        """Return the values of the row a cursor names, None for an empty one; or raise Problem."""
        if not cursor:
            return None
        try:
            written = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
            if not isinstance(written, list) or len(written) != len(self._fields):
                raise ValueError
            return [self._value(model, name, value) for name, value in zip(self._fields, written, strict=True)]
        except (ValueError, TypeError, RecursionError, OverflowError, binascii.Error, ValidationError):
            raise Problem(400, "invalid_page", "This cursor is not one of ours; start over.", field="cursor") from None

    def _value(self, model: type[Model], name: str, written: Any) -> Any:
        if not isinstance(written, str | int | float) or isinstance(written, bool):
            raise ValueError
        field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
        value = field.to_python(written)
        if isinstance(value, int | float) and not abs(value) < 2**63:
            raise ValueError
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError
        return value


def next_address(path: str, query: Mapping[str, str], **changed: str) -> str:
    """Return the absolute address of the next page: the same path and filters, another cursor."""
    return f"{settings.SITE_URL}{path}?{urlencode({**dict(query.items()), **changed})}"


def next_link(address: str | None) -> dict[str, str]:
    """Return the Link header of a page (RFC 8288), empty on the last one."""
    return {"Link": f'<{address}>; rel="next"'} if address else {}
