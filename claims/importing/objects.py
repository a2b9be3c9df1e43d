"""Claims as JSON and JSON Lines, read element by element: a file of 200 MB costs the memory of one element."""

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any

from .reviews import is_schema, rows_of_reviews
from .rows import FileRefused, Problem, Row

ELEMENT_LIMIT = 4 * 2**20  # characters of one element
LINE_LIMIT = 8 * 2**20  # bytes of one line
DEEPEST = 64
# Members of the whole under which its elements stand: ours, schema.org's DataFeed and ItemList, JSON-LD's graph.
LISTS = ("claims", "results", "dataFeedElement", "itemListElement", "@graph")
_BLANK = " \t\r\n"


def read_lines(lines: Iterable[bytes]) -> Iterator[Row]:
    """Yield the rows of a JSON Lines file; a line that is no object is a row with a fault, and reading goes on."""
    found = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"line {number}"
        if len(line) >= LINE_LIMIT:
            raise FileRefused(Problem(number, place, "", "too_long", "The line is too long to be a claim."))
        found = True
        try:
            value = loads(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise FileRefused(
                Problem(
                    number, place, "", "not_utf8",
                    f"Byte {error.start + 1} of the line is no UTF-8. Save the file as UTF-8 and try again.",
                )
            ) from None  # fmt: skip
        except ValueError as error:
            row = Row(number, place, {})
            row.fault("", "malformed_json", f"The line is not JSON: {error}.")
            yield row
            continue
        yield from rows_of(value, number, place)
    if not found:
        raise FileRefused(Problem(1, "line 1", "", "no_rows", "There is no claim in it: every line is empty."))


def read_document(chunks: Iterable[bytes]) -> Iterator[Row]:
    """Yield the rows of one JSON document: a list, an object that holds one, or a single claim or review."""
    text = _Text(chunks)
    found = False
    for value, path in _elements(text):
        text.number += 1
        for row in rows_of(value, text.number, path):
            found = True
            yield row
    if not found:
        raise FileRefused(Problem(1, "the file", "", "no_rows", "There is no claim in it."))


def rows_of(value: Any, number: int, place: str) -> Iterator[Row]:
    """Yield the rows one element holds: one of our own shape, or a review's, or a feed item's."""
    if value is None or is_schema(value):
        yield from rows_of_reviews(value, number, place)
    elif isinstance(value, dict):
        yield Row(number, place, value)
    else:
        row = Row(number, place, {})
        row.fault("", "invalid_type", "Each claim is a JSON object.")
        yield row


def loads(text: str) -> Any:
    """Return strict JSON's value: no name twice, no NaN, no endless nesting; or raise ValueError."""
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg}, character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError(f"nested more than {DEEPEST} deep") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same name stands twice in one object")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def _elements(text: "_Text") -> Iterator[tuple[Any, str]]:
    opening = text.peek()
    if opening == "[":
        yield from _listed(text, "")
    elif opening == "{":
        head: dict[str, Any] = {}
        seen = False
        for name in text.members():
            if name in LISTS and text.peek() == "[":
                seen = True
                yield from _listed(text, name)
            else:
                head[name] = text.value()
        if not seen and head:
            yield head, "the file"
    else:
        raise text.refused("malformed_json", "A JSON file begins with [ or {.")
    if text.peek():
        raise text.refused("malformed_json", "More follows where the JSON ended.")


def _listed(text: "_Text", name: str) -> Iterator[tuple[Any, str]]:
    text.take("[")
    index = 0
    while text.peek() != "]":
        if index:
            text.take(",")
        yield text.value(), f"{name}[{index}]" if name else f"element {index + 1}"
        index += 1
    text.take("]")


class _Text:
    """The text of a file, taken value by value; it holds the block that is being read and no more."""

    def __init__(self, chunks: Iterable[bytes]):
        self._chunks = iter(chunks)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._held, self._at, self._line = "", 0, 1
        self._ended = False
        self.number = 0  # of elements that were yielded

    def peek(self) -> str:
        """Return the next character that is not blank, or "" at the end."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in _BLANK:
                    return self._held[self._at]
                self._at += 1
            if not self._fill():
                return ""

    def take(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise self.refused("malformed_json", f"A “{wanted}” is missing.")
        self._at += 1

    def members(self) -> Iterator[str]:
        """Yield the names of an object; whoever asks takes the value before asking on."""
        self.take("{")
        names: set[str] = set()
        while self.peek() != "}":
            if names:
                self.take(",")
            name = self.value()
            if not isinstance(name, str) or name in names:
                raise self.refused("malformed_json", "A name is missing, or stands twice in one object.")
            names.add(name)
            self.take(":")
            yield name
        self.take("}")

    def value(self) -> Any:
        """Take one whole value."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._at)
                # A number at the end of what is held may go on in the next block.
                if end < len(self._held) or self._ended or not self._fill():
                    self._at = end
                    return value
            except json.JSONDecodeError as error:
                if len(self._held) - self._at > ELEMENT_LIMIT:
                    raise self.refused("too_long", "This element is too long to be a claim.") from None
                if not self._fill():
                    self._line += self._held.count("\n", self._at, error.pos)
                    self._at = error.pos
                    raise self.refused("malformed_json", f"{error.msg}.") from None
            except RecursionError:
                raise self.refused("malformed_json", f"Nested more than {DEEPEST} deep.") from None
            except ValueError as error:
                raise self.refused("malformed_json", f"{str(error)[:1].upper()}{str(error)[1:]}.") from None

    def refused(self, code: str, message: str) -> FileRefused:
        line = self._line + self._held.count("\n", 0, self._at)
        row = self.number + 1
        return FileRefused(Problem(row, f"element {row}", f"line {line}", code, message))

    def _fill(self) -> bool:
        """Read one more block; return whether there was one."""
        if self._ended:
            return False
        chunk = next(self._chunks, b"")
        self._line += self._held.count("\n", 0, self._at)
        self._held, self._at = self._held[self._at :], 0
        try:
            self._held += self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            raise self.refused(
                "not_utf8", "From here on it is no UTF-8. Save the file as UTF-8 and try again."
            ) from None
        self._held = self._held.removeprefix("\ufeff") if not self.number and self._line == 1 else self._held
        self._ended = not chunk
        return bool(chunk)
