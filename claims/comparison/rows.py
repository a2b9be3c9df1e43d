"""A sentence or list item whose names and figures now stand in one row of a table (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.comparison.changes import Change
from claims.comparison.tokens import TokenKind, read_tokens
from claims.extraction.figures import Figure, read_figures

_CELL = re.compile(r"[^\t|]+")
_ROW = re.compile(r"^[^\n]*[\t|][^\n]*$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_MAX_ROWS = 2_000
_LONGEST = 300  # characters of a row


@dataclass(frozen=True)
class Row:
    """A row that says what a quote said, or the same with other figures: `changes` are those."""

    start: int
    end: int
    changes: tuple[Change, ...]


def find_row(quote: str, text: str) -> Row | None:
    """The table row that has a quote's names and figures; None if there is none, or the quote denies something.

    All names must stand in the row. Where a figure does not, the row counts only if its column is headed by a word
    of the quote: then that cell is what the figure became. The rest of a part ("of 48") may go unsaid.
    """
    tokens = read_tokens(quote, page=text)
    names = {token.key for token in tokens if token.kind == TokenKind.NAME}
    figures = [token.figure for token in tokens if token.figure and not token.is_calendar]
    values = [figure for figure in figures if figure.low is not None and figure.low == figure.high]
    if not names or not values or len(values) < len(figures):
        return None
    if any(token.kind == TokenKind.NEGATION for token in tokens):
        return None
    words = {word.lower() for word in _WORD.findall(quote)}
    changed: Row | None = None
    for start, end, header in _rows(text):
        line = text[start:end].lower()
        if not all(re.search(rf"\b{re.escape(name)}\b", line) for name in names):
            continue
        cells = [(match.start(), match.group()) for match in _CELL.finditer(text[start:end])]
        changes = _changed_cells(values, [cell for _, cell in cells], header, words)
        if changes == ():
            return Row(start, end, ())
        if changes and changed is None:
            changed = Row(start, end, changes)
    return changed


def _rows(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """The rows of every table, each with the cells of its table's first."""
    header: list[str] = []
    last = -2
    for count, match in enumerate(_ROW.finditer(text)):
        if count >= _MAX_ROWS:
            return
        if match.start() != last + 1:
            header = _CELL.findall(match.group())
        last = match.end()
        if match.end() - match.start() <= _LONGEST:
            yield match.start(), match.end(), header


def _changed_cells(
    values: list[Figure], cells: list[str], header: list[str], words: set[str]
) -> tuple[Change, ...] | None:
    """The figures that became others; () where all stand in the row, None where it does not speak of them."""
    numbers = {place: figure.low for place, cell in enumerate(cells) if (figure := _only_figure(cell))}
    headed = {place for place in numbers if place < len(header) and words & _heads(header[place])}
    missing = [figure for figure in values if figure.low not in numbers.values()]
    if not missing:
        return () if headed or len(values) > 1 else None
    said = {figure.low for figure in values} | {figure.whole for figure in values}
    free = [place for place in sorted(headed) if numbers[place] not in said]
    if len(free) != len(missing):
        return None
    return tuple(
        Change(TokenKind.FIGURE, figure.text, cells[place].strip())
        for figure, place in zip(missing, free, strict=True)
    )


def _heads(cell: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(cell)}


def _only_figure(cell: str) -> Figure | None:
    figures = read_figures(cell)
    is_one = len(figures) == 1 and not figures[0].is_calendar and figures[0].low == figures[0].high
    return figures[0] if is_one else None
