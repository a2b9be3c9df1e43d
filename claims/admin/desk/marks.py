"""Passages of a text marked for reading, and two wordings side by side (pure: no database)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

_RUNS = re.compile(r"\r|[^\r]+")
_WORDS = re.compile(r"\s+|[\w.,]*\w|[^\w\s]")


@dataclass(frozen=True)
class Mark:
    """A stretch of a text, in code points, end exclusive, and what it is for."""

    start: int
    end: int
    item: object


@dataclass(frozen=True)
class Piece:
    """A run of text under one mark or none; `opens` where that mark begins, so that it can be linked to once."""

    start: int
    text: str
    mark: Mark | None
    opens: bool = False


def pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """Cut a text into runs, each under the mark that began last, in order and complete.

    A carriage return is left out before a line feed and shown as one elsewhere: HTML would change it, and
    each piece knows its own offset.
    """
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    borders = sorted({0, len(text), *(m.start for m in ordered), *(m.end for m in ordered)})
    borders = [border for border in borders if 0 <= border <= len(text)]
    cut, standing, upcoming = [], [], 0
    for start, end in pairwise(borders):
        while upcoming < len(ordered) and ordered[upcoming].start <= start:
            standing.append(ordered[upcoming])
            upcoming += 1
        standing = [mark for mark in standing if mark.end > start]
        mark = standing[-1] if standing else None
        cut += _lines(text, start, end, mark)
    return cut


def _lines(text: str, start: int, end: int, mark: Mark | None) -> list[Piece]:
    found: list[Piece] = []
    opens = mark is not None and mark.start == start
    for match in _RUNS.finditer(text, start, end):
        is_return = match.group() == "\r"
        if is_return and text[match.end() : match.end() + 1] == "\n":
            continue
        found.append(Piece(match.start(), "\n" if is_return else match.group(), mark, opens and not found))
    return found


@dataclass(frozen=True)
class Run:
    """Words of one side of a comparison: kept, or differing; a figure or not."""

    text: str
    differs: bool
    is_figure: bool


def side_by_side(before: str, after: str) -> tuple[list[Run], list[Run]]:
    """Compare two wordings word by word and return both, with what differs and which of it are figures."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left += _runs(old[a:b], kind != "equal")
        right += _runs(new[c:d], kind != "equal")
    return left, right


def _runs(words: list[str], differs: bool) -> list[Run]:
    return [Run(word, differs, any(character.isdigit() for character in word)) for word in words]
