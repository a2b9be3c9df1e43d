"""Row, Draft, Problem: what is read out of a file, what it becomes, and what is wrong with it."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

COLUMN_LIMIT = 50
CELL_LIMIT = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a file, and what to do about it.

    A note is about a row that comes in all the same, without what the note names.
    """

    row: int
    place: str  # as people find it: "row 3", "line 3", "dataFeedElement[2].item[0]"
    column: str
    code: str
    message: str
    is_note: bool = False

    def __str__(self) -> str:
        where = f"{self.place}, column {self.column}" if self.column else self.place
        return f"{where[:1].upper()}{where[1:]}: {self.message}"


class FileRefused(Exception):
    """A file that cannot be read on; `problem` says where and why. `is_type` for what is no file of ours at all."""

    def __init__(self, problem: Problem, *, is_type: bool = False):
        super().__init__(str(problem))
        self.problem = problem
        self.is_type = is_type


@dataclass(slots=True)
class Row:
    """One row as it was read: its cells by column, texts or JSON values; not checked yet.

    A foreign row is somebody else's review, not written for us: what is wrong with a part of it is left out and
    noted. `problems` are those its reader found.
    """

    number: int
    place: str
    cells: dict[str, Any]
    is_foreign: bool = False
    problems: list[Problem] = field(default_factory=list)

    def fault(self, column: str, code: str, message: str) -> None:
        """Note what makes the whole row refused."""
        self.problems.append(Problem(self.number, self.place, column, code, message))

    def note(self, column: str, code: str, message: str) -> None:
        """Note what is left out of the row."""
        self.problems.append(Problem(self.number, self.place, column, code, message, is_note=True))


@dataclass(frozen=True, slots=True)
class Named:
    """A claimant as a file names them."""

    name: str
    kind: str = "person"
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Where a file says the claim was made: an address, a day, or both; with a quote if it gives one."""

    url: str = ""
    said_on: date | None = None
    title: str = ""
    quote: str = ""

    def as_dict(self) -> dict[str, str]:
        day = self.said_on.isoformat() if self.said_on else ""
        members = {"url": self.url, "said_on": day, "title": self.title, "quote": self.quote}
        return {name: value for name, value in members.items() if value}


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure of a claim, as numbers."""

    text: str
    low: Decimal | None = None
    high: Decimal | None = None
    qualifier: str = ""
    unit: str = ""
    whole: Decimal | None = None
    period: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that may come in, as an unstarted claim and what its origin said of it."""

    number: int
    place: str
    text: str
    id: str = ""  # what the claim is called where it comes from
    context: str = ""
    claimants: tuple[Named, ...] = ()
    topics: tuple[str, ...] = ()
    language: str = "en"
    priority: int = 3
    review_by: date | None = None
    said: tuple[Said, ...] = ()
    figures: tuple[Counted, ...] | None = None  # None: to be read out of the text
    review: dict[str, Any] = field(default_factory=dict)  # whose verdict it was there, and which

    @property
    def key(self) -> str:
        """Name the claim by what it is, so that the same row, in whichever file, comes in once."""
        names = sorted({claimant.name for claimant in self.claimants})
        told = [self.id, self.text, self.context, names, self.review.get("url", "")]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]
