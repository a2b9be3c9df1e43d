"""From a row to a draft: every cell looked at, every fault with its place and what to do about it."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from claims.wording import is_blank, is_storable, text_fault
from sources.addresses import AddressRefused, canonical_address

from .columns import ALIASES, COLUMNS, DRAFT_WORDS, REVIEW_COLUMNS, STATE_COLUMNS
from .reviews import lenient_day
from .rows import CELL_LIMIT, Counted, Draft, Named, Problem, Row, Said
from .tables import parted

CONTEXT_LIMIT, NAME_LIMIT, TOPIC_LIMIT, ID_LIMIT = 5000, 200, 80, 200
MANY = 50  # claimants, topics or appearances of one row
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIGURE = {"text", "low", "high", "qualifier", "unit", "whole", "period", "place"}
_QUALIFIERS = {"", "exactly", "about", "nearly", "at_least", "more_than", "up_to", "fewer_than"}
_LINK = re.compile(r"(?i)https?://[^\s\\<>\"\x00-\x1f\x7f]+")
_PRIORITIES = {"urgent": 1, "high": 2, "normal": 3, "low": 4, "some day": 5, "someday": 5}
_PORTS = (80, 443)


def check(row: Row, *, ports: tuple[int, ...] = _PORTS) -> tuple[Draft | None, list[Problem]]:
    """Return the draft a row makes, or None, and its problems: faults where there is no draft, notes otherwise."""
    if not row.cells and row.problems:
        return None, row.problems
    cells = _Cells(row, ports)
    members = cells.draft()
    faults = [problem for problem in row.problems if not problem.is_note]
    if faults:
        return None, faults
    return Draft(number=row.number, place=row.place, **members), row.problems


class _Cells:
    """The cells of one row while they are looked at."""

    def __init__(self, row: Row, ports: tuple[int, ...]):
        self.row, self.ports = row, ports
        self.given: dict[str, Any] = {}
        for name, value in row.cells.items():
            column = ALIASES.get(name, name)
            if column in STATE_COLUMNS:
                if str(value).strip().casefold() not in DRAFT_WORDS:
                    self._fault(
                        name, "read_only",
                        "An import brings drafts; it sets no state, verdict or publication. Take the column out. "
                        "Another's verdict goes in review_rating, review_publisher and review_url.",
                    )  # fmt: skip
            elif column not in COLUMNS:
                self._fault(name, "unknown_column", "This member is not known here; take it out.")
            elif column in self.given:
                self._fault(name, "duplicate_column", f"It stands there twice, also as {column}.")
            else:
                self.given[column] = value

    def draft(self) -> dict[str, Any]:
        members: dict[str, Any] = {"text": self._claim_text(), "id": self._text("id", ID_LIMIT)}
        members["context"] = self._text("context", CONTEXT_LIMIT)
        members["claimants"] = self._claimants()
        members["topics"] = self._topics()
        members["language"] = self._language()
        members["priority"] = self._priority()
        members["review_by"] = self._day("review_by")
        members["said"] = self._said()
        members["figures"] = self._figures()
        members["review"] = self._review()
        return members

    def _fault(self, column: str, code: str, message: str) -> None:
        self.row.fault(str(column)[:80], code, message)

    def _claim_text(self) -> str:
        given = self.given.get("text")
        if given is None and "text" not in self.given:
            if not self.row.problems:
                self._fault("text", "required", "Give the claim itself, in one sentence.")
            return ""
        if not isinstance(given, str):
            self._fault("text", "invalid_type", "The claim is a text.")
            return ""
        wrong = text_fault(given)
        if wrong:
            if not (self.row.is_foreign and self.row.problems and wrong[0] == "blank"):
                self._fault("text", *wrong)
            return ""
        return given.strip()

    def _text(self, column: str, limit: int) -> str:
        given = self.given.get(column)
        if given is None:
            return ""
        if isinstance(given, int | float) and not isinstance(given, bool) and column == "id":
            given = str(given)
        return self._checked(given, column, limit)

    def _checked(self, given: Any, column: str, limit: int) -> str:
        if not isinstance(given, str):
            self._fault(column, "invalid_type", "Give a text.")
            return ""
        if not is_storable(given):
            self._fault(
                column, "invalid_characters",
                "It holds a character that cannot be stored (NUL or half a surrogate pair); remove it.",
            )  # fmt: skip
            return ""
        if len(given) > CELL_LIMIT:
            self._fault(column, "too_long", f"A cell has at most {CELL_LIMIT:,} characters; this has {len(given):,}.")
            return ""
        text = given.strip()
        if len(text) > limit:
            self._fault(column, "too_long", f"At most {limit:,} characters; this is {len(text):,}.")
            return ""
        return text

    def _several(self, column: str) -> list[Any]:
        given = self.given.get(column)
        if given is None or given == "":
            return []
        if isinstance(given, str):
            # Not the stripped text: a line break at its end says that each line is one name.
            given = parted(given) if self._checked(given, column, CELL_LIMIT) else []
        if not isinstance(given, list):
            self._fault(column, "invalid_type", "Give a list, or names with semicolons between.")
            return []
        if len(given) > MANY:
            self._fault(column, "too_many", f"At most {MANY}; these are {len(given)}.")
            return []
        return given

    def _claimants(self) -> tuple[Named, ...]:
        found: dict[str, Named] = {}
        for one in self._several("claimants"):
            members = one if isinstance(one, dict) else {"name": one}
            if set(members) - {"name", "kind", "same_as"}:
                self._fault("claimants", "unknown_column", "A claimant has a name, a kind and a same_as.")
                continue
            name = " ".join(self._checked(members.get("name"), "claimants", NAME_LIMIT).split())
            kind = members.get("kind") or "person"
            if kind not in ("person", "organisation"):
                self._fault("claimants", "invalid_choice", "A claimant's kind is person or organisation.")
            elif name and is_blank(name):
                self._fault("claimants", "blank", "A claimant's name shows nothing; leave it out or write it.")
            elif name:
                found.setdefault(name, Named(name, kind, self._address(members.get("same_as"), "claimants")[:200]))
        return tuple(found.values())

    def _topics(self) -> tuple[str, ...]:
        names = [" ".join(self._checked(one, "topics", TOPIC_LIMIT).split()) for one in self._several("topics")]
        return tuple(dict.fromkeys(name for name in names if name and not is_blank(name)))

    def _language(self) -> str:
        text = self._text("language", CELL_LIMIT)
        if not text:
            return "en"
        if len(text) > 12 or not _LANGUAGE.fullmatch(text):
            self._fault("language", "invalid_language", "Give a language tag, as in en or pt-BR.")
        return text

    def _priority(self) -> int:
        given = self.given.get("priority")
        if given is None or given == "":
            return 3
        if isinstance(given, str):
            word = given.strip().casefold()
            given = int(word) if len(word) == 1 and word in "12345" else _PRIORITIES.get(word)
        if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 5:
            self._fault("priority", "invalid_choice", "A priority is a number from 1 (urgent) to 5 (some day).")
            return 3
        return given

    def _day(self, column: str, given: Any = None) -> date | None:
        given = self.given.get(column) if given is None else given
        if given is None or given == "":
            return None
        try:
            if not isinstance(given, str) or not _ISO_DAY.fullmatch(given.strip()):
                raise ValueError
            return date.fromisoformat(given.strip())
        except ValueError:
            self._fault(column, "invalid_date", "Give a day of the calendar as YYYY-MM-DD.")
            return None

    def _address(self, given: Any, column: str) -> str:
        """Return an address that a reader could be sent to; one of a foreign row that is none is left out."""
        if given is None or given == "":
            return ""
        text = self._checked(given, column, CELL_LIMIT)
        if not text:
            return ""
        try:
            return canonical_address(text, ports=self.ports)
        except AddressRefused as refusal:
            message = f"{refusal}"
            if self.row.is_foreign:
                self.row.note(column, refusal.code, f"{message} Left out.")
            else:
                self._fault(column, refusal.code, message)
            return ""

    def _link(self, given: Any, column: str) -> str:
        """Return an address that is shown and never looked at."""
        text = self._checked(given, column, 2048)
        if text and not _LINK.fullmatch(text):
            self._fault(column, "url_not_allowed", "Give a web address that begins with http:// or https://.")
            return ""
        return text

    def _said(self) -> tuple[Said, ...]:
        given = self.given.get("appearances")
        if given is None or given == "":
            urls = [self._address(one, "said_at") for one in self._several("said_at")]
            day = self._day("said_on")
            urls = [url for url in urls if url]
            if not urls:
                return (Said(said_on=day),) if day else ()
            return (Said(urls[0], day), *(Said(url) for url in urls[1:]))
        if self.given.get("said_at") or self.given.get("said_on"):
            self._fault("said_at", "duplicate_column", "Give appearances, or said_at and said_on, not both.")
        if not isinstance(given, list) or len(given) > MANY:
            self._fault("appearances", "invalid_type", f"Appearances are a list of at most {MANY} objects.")
            return ()
        return tuple(one for one in map(self._appearance, given) if one != Said())

    def _appearance(self, given: Any) -> Said:
        if not isinstance(given, dict) or set(given) - {"url", "said_on", "title", "quote"}:
            self._fault("appearances", "invalid_type", "An appearance is an object: url, said_on, title, quote.")
            return Said()
        url = self._address(given.get("url"), "appearances")
        day = self._day("appearances", given.get("said_on") or "")
        title = self._checked(given.get("title") or "", "appearances", 500)
        quote = self._checked(given.get("quote") or "", "appearances", CONTEXT_LIMIT)
        if quote and (is_blank(quote) or not url):
            self._fault("appearances", "required", "A quote takes the address it was read at, and words.")
            return Said()
        return Said(url, day, title, quote)

    def _figures(self) -> tuple[Counted, ...] | None:
        given = self.given.get("figures")
        if given is None:
            return None
        if not isinstance(given, list) or len(given) > MANY or not all(isinstance(one, dict) for one in given):
            self._fault("figures", "invalid_type", f"Figures are a list of at most {MANY} objects.")
            return None
        return tuple(filter(None, map(self._figure, given)))

    def _figure(self, given: dict[str, Any]) -> Counted | None:
        before = len(self.row.problems)
        if set(given) - _FIGURE:
            self._fault("figures", "unknown_column", f"A figure has {', '.join(sorted(_FIGURE))}.")
            return None
        text = self._checked(given.get("text") or "", "figures", 200)
        words = {name: self._checked(given.get(name) or "", "figures", 80) for name in ("unit", "period", "place")}
        low, high, whole = (self._exact(given.get(name)) for name in ("low", "high", "whole"))
        qualifier = given.get("qualifier") or ""
        if qualifier not in _QUALIFIERS:
            self._fault("figures", "invalid_choice", f"A qualifier is one of {', '.join(sorted(_QUALIFIERS - {''}))}.")
        if low is None and high is None:
            self._fault("figures", "required", "A figure has a low or a high end, as numbers or as texts of digits.")
        elif low is not None and high is not None and low > high:
            self._fault("figures", "out_of_range", "A figure's low end is not above its high end.")
        if len(self.row.problems) > before:
            return None
        return Counted(text or f"{low if low is not None else high}", low, high, qualifier, whole=whole, **words)

    def _exact(self, given: Any) -> Decimal | None:
        if given is None or given == "":
            return None
        try:
            if isinstance(given, bool) or not isinstance(given, str | int | float) or len(str(given)) > 30:
                raise ValueError
            number = Decimal(str(given).strip())
            if not number.is_finite() or abs(number) >= 10**18:
                raise ValueError
            return round(number, 6)
        except (ValueError, ArithmeticError):
            self._fault("figures", "invalid_number", "Give a number below 10 to the 18th, with at most six decimals.")
            return None

    def _review(self) -> dict[str, Any]:
        """Return what another desk judged of it: data of the origin, and never a verdict of ours."""
        found: dict[str, Any] = {}
        for column in REVIEW_COLUMNS:
            name, given = column.removeprefix("review_"), self.given.get(column)
            if given is None or given == "":
                continue
            if name == "url":
                found[name] = self._link(given, column)
            elif name in ("value", "best", "worst"):
                found[name] = self._number(given, column)
            elif name == "date":
                day = lenient_day(given) if self.row.is_foreign else self._day(column)
                found[name] = day.isoformat() if day else ""
            else:
                found[name] = self._checked(given, column, 500 if name == "title" else NAME_LIMIT)
        return {name: value for name, value in found.items() if value not in ("", None)}

    def _number(self, given: Any, column: str) -> float | int | None:
        try:
            if isinstance(given, bool) or not isinstance(given, str | int | float):
                raise ValueError
            number = float(given)
            if not abs(number) < 10**9:
                raise ValueError
        except (ValueError, OverflowError):
            self._fault(column, "invalid_number", "Give a number, as in 2 or 3.5.")
            return None
        return int(number) if number.is_integer() else number
