"""TimeMaps: what a web archive lists of an address (RFC 7089, in the link format of RFC 6690; pure)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

MAX_LINKS = 50_000

_TARGET = re.compile(r"\s*<([^<>\"\s]{1,2048})>")
_PARAMETER = re.compile(r"\s*;\s*([!#$&+\-.^_`|~\w*]+)\s*(?:=\s*(?:\"([^\"\\]*(?:\\.[^\"\\]*)*)\"|([^\s\",;<>\\]+)))?")
_COMMA = re.compile(r"\s*,")
_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Memento:
    """One archived copy as a TimeMap lists it."""

    url: str
    archived_at: datetime


class TimeMapRefused(ValueError):
    """This is no TimeMap, or one with more links than we read."""


def timemap_address(template: str, url: str) -> str:
    """Where an archive lists the copies of an address: {url} as it is in a path, percent-encoded in a query."""
    before, _, after = template.partition("{url}")
    return f"{before}{quote(url, safe='') if '?' in before else url}{after}"


def parse_timemap(text: str) -> list[Memento]:
    """The copies that a TimeMap lists, oldest first; raises TimeMapRefused.

    A link without the relation `memento` or without a date in RFC 1123 form is no copy and left out; anything
    that is no link makes the whole refused.
    """
    found = {}
    for number, (target, parameters) in enumerate(_links(text)):
        if number >= MAX_LINKS:
            raise TimeMapRefused("The archive lists more copies than we read.")
        moment = read_moment(parameters.get("datetime", ""))
        if moment is not None and "memento" in parameters.get("rel", "").lower().split():
            found[target] = Memento(target, moment)
    return sorted(found.values(), key=lambda memento: (memento.archived_at, memento.url))


def nearest(mementos: Iterable[Memento], moment: datetime) -> Memento | None:
    """The copy made nearest to a moment, the earlier of two as near; None of none."""
    return min(mementos, key=lambda memento: abs(memento.archived_at - moment), default=None)


def _links(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    text = text.strip()
    at = 0
    while at < len(text):
        target = _TARGET.match(text, at)
        if target is None:
            raise TimeMapRefused("The archive's answer is no list of copies.")
        at = target.end()
        parameters: dict[str, str] = {}
        while parameter := _PARAMETER.match(text, at):
            at = parameter.end()
            value = parameter.group(2) if parameter.group(2) is not None else parameter.group(3)
            parameters.setdefault(parameter.group(1).lower(), value or "")  # the first counts (RFC 8288, 3.3)
        yield target.group(1), parameters
        comma = _COMMA.match(text, at)
        if comma is None and at < len(text):
            raise TimeMapRefused("The archive's answer is no list of copies.")
        at = comma.end() if comma else at


def read_moment(text: str) -> datetime | None:
    """Read a time in RFC 1123 form, in GMT as RFC 7089 wants it, or return None."""
    found = _DATE.fullmatch(text.strip())
    if found is None or found.group(2) not in _MONTHS:
        return None
    day, month, year, hour, minute, second = found.groups()
    try:
        date = (int(year), _MONTHS.index(month) + 1, int(day))
        return datetime(*date, int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None
