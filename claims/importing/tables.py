"""Claims as CSV (RFC 4180): read row by row with the place of every fault, and written safe for spreadsheets."""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Any

from .columns import ALIASES, COLUMNS, JSON_ALONE, STATE_COLUMNS
from .rows import CELL_LIMIT, COLUMN_LIMIT, FileRefused, Problem, Row

LINE_LIMIT = 8 * 2**20  # bytes; 50 cells of 20,000 characters each may be longer still, no claim is
_DELIMITERS = ",;\t"
# What a spreadsheet takes for a formula, also after blanks and characters nobody sees (OWASP ASVS 5.0, 1.2.10).
_HARMLESS = "[ \u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
_FORMULA = re.compile(f"'*(?:{_HARMLESS}[=+\\-@\uff1d\uff0b\uff0d\uff20]|{_HARMLESS}[\t\r\n\x00])")


def protected(text: str) -> str:
    """Return a text cell that no spreadsheet takes for a formula: one leading apostrophe where it would."""
    return f"'{text}" if _FORMULA.match(text) else text


def unprotected(text: str) -> str:
    """Return what the cell said before it was protected."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def joined(names: Iterable[str]) -> str:
    """Return several names as one cell: with semicolons between, or a line each where a name holds one."""
    names = list(names)
    if any(";" in name for name in names):
        return "".join(f"{name}\n" for name in names)
    return "; ".join(names)


def parted(cell: str) -> list[str]:
    """Return the names of a cell."""
    parts = re.split("[\r\n]+", cell) if "\n" in cell or "\r" in cell else cell.split(";")
    return [part.strip() for part in parts if part.strip()]


def read_table(lines: Iterable[bytes], *, column_limit: int = COLUMN_LIMIT) -> Iterator[Row]:
    """Yield the rows of a CSV file; raise FileRefused where it cannot be read on."""
    table = _Table(lines)
    records = iter(table)
    header = next(records, None)
    if header is None:
        raise FileRefused(Problem(1, "row 1", "", "no_rows", "The file is empty: it has not even a row of names."))
    names = table.names = _names(header, column_limit)
    found = 0
    for cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        found += 1
        row = Row(table.number, f"row {table.number}", {})
        if len(cells) != len(names):
            row.fault(
                "", "wrong_length",
                f"It has {len(cells)} cells where row 1 names {len(names)} columns. A cell with a "
                f"“{table.delimiter}” in it stands in quotation marks.",
            )  # fmt: skip
        else:
            row.cells = {name: unprotected(cell) for name, cell in zip(names, cells, strict=True)}
        yield row
    if not found:
        raise FileRefused(Problem(2, "row 2", names[0], "no_rows", "There is no row under the row of names."))


def _names(header: list[str], limit: int) -> list[str]:
    """Return the columns by their own names; or raise FileRefused for a header that cannot be read by."""

    def refused(index: int, code: str, message: str) -> FileRefused:
        shown = header[index].strip() or f"no. {index + 1}"
        return FileRefused(Problem(1, "row 1", shown[:80], code, message))

    if len(header) > limit:
        raise refused(limit, "too_many_columns", f"There are {len(header)} columns; at most {limit} are read.")
    names: list[str] = []
    for index, cell in enumerate(header):
        name = re.sub(r"[\s-]+", "_", unprotected(cell).strip().casefold())
        name = ALIASES.get(name, name)
        if name in names:
            places = f"{names.index(name) + 1} and {index + 1}"
            raise refused(index, "duplicate_column", f"It stands there twice, as columns {places}.")
        if name in JSON_ALONE or (name not in COLUMNS and name not in STATE_COLUMNS):
            known = ", ".join(name for name in COLUMNS if name not in JSON_ALONE)
            raise refused(
                index, "unknown_column", f"This column is not known here; take it out or give it one of: {known}."
            )
        names.append(name)
    if "text" not in names:
        raise refused(0, "no_text_column", "One column has to be named “text”: it holds the claim itself.")
    return names


class _Table:
    """The records of a CSV file; keeps the lines of the present one, to find the place of a fault in it."""

    def __init__(self, lines: Iterable[bytes]):
        self._source = iter(lines)
        self._kept: list[str] = []
        self.number = 0  # of the record read last, the row of names being 1
        self.delimiter = ","
        self.names: list[str] = []

    def __iter__(self) -> Iterator[list[str]]:
        first = next(self._decoded(), None)
        if first is None:
            return
        self.delimiter = _delimiter(first)
        self._kept.clear()
        reader = csv.reader(self._again(first), delimiter=self.delimiter, strict=True)
        while True:
            self.number += 1
            self._kept.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self._broken(str(error)) from None
            yield cells

    def _again(self, first: str) -> Iterator[str]:
        self._kept.append(first)
        yield first
        yield from self._decoded()

    def _decoded(self) -> Iterator[str]:
        for line in self._source:
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                self._kept.append(line[: error.start].decode("utf-8"))
                raise self._refused(
                    "not_utf8",
                    f"Byte {line[error.start]:#04x} is no UTF-8; the file is perhaps Latin-1 or Windows-1252. "
                    "Save it as “CSV UTF-8” and try again.",
                ) from None
            if "\x00" in text:
                self._kept.append(text[: text.index("\x00")])
                raise self._refused("invalid_characters", "The cell holds a NUL character; remove it.")
            if len(line) >= LINE_LIMIT:
                raise self._refused("too_long", "The line is too long to be a row of claims.")
            self._kept.append(text)
            yield text

    def _broken(self, error: str) -> FileRefused:
        if "field limit" in error or "unexpected end" in error:
            return self._refused(
                "unclosed_quote",
                "A quotation mark opens this cell and none closes it. Close it; a quotation mark inside a cell is "
                "written twice.",
            )
        if "new-line character" in error:
            return self._refused("line_ends", "The lines end in a lone CR. Save the file as “CSV UTF-8” again.")
        return self._refused(
            "stray_quote",
            "A quotation mark ends this cell and more follows. Write a quotation mark inside a cell twice, and the "
            "whole cell in quotation marks.",
            stray=True,
        )

    def _refused(self, code: str, message: str, *, stray: bool = False) -> FileRefused:
        number = max(self.number, 1)
        column = _column(self._kept, self.delimiter, stray=stray)
        name = self.names[column - 1] if column <= len(self.names) else f"no. {column}"
        return FileRefused(Problem(number, f"row {number}", name, code, message))


def _column(lines: list[str], delimiter: str, *, stray: bool) -> int:
    """Return the number of the column in which the text ends or, `stray`, after whose closing quote more follows."""
    column, quoted, fresh, closed = 1, False, True, False
    for character in "".join(lines):
        if quoted:
            if character == '"':
                quoted, closed = False, True
        elif character == '"' and (fresh or closed):
            quoted, closed, fresh = True, False, False
        elif character == delimiter:
            column, fresh, closed = column + 1, True, False
        elif character in "\r\n":
            closed = False
        elif closed and stray:
            return column
        else:
            fresh = False
    return column


def _delimiter(line: str) -> str:
    """Tell what parts the cells: whatever parts the first line into most columns that we know."""

    def known(delimiter: str) -> tuple[int, int]:
        names = [re.sub(r"[\s-]+", "_", name.strip(' "\r\n').casefold()) for name in line.split(delimiter)]
        return sum(name in COLUMNS or name in ALIASES or name in STATE_COLUMNS for name in names), len(names)

    return max(_DELIMITERS, key=lambda delimiter: (known(delimiter), -_DELIMITERS.index(delimiter)))


class TableWriter:
    """Rows as CSV text, one at a time; texts protected, numbers as numbers."""

    def __init__(self, columns: Iterable[str]):
        self.columns = list(columns)
        self._writer: Any = csv.writer(_Echo())

    def header(self) -> str:
        return self._writer.writerow(self.columns)

    def row(self, cells: dict[str, Any]) -> str:
        """Return one line; a cell that is not there is empty."""
        values = (cells.get(name, "") for name in self.columns)
        return self._writer.writerow([protected(v) if isinstance(v, str) else "" if v is None else v for v in values])


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


csv.field_size_limit(max(CELL_LIMIT * 4, 131_072))
