"""Words that hedge or bound a figure, before it and after it."""

from dataclasses import replace
from typing import NamedTuple

from claims.extraction import lang_en as lang
from claims.extraction.figures.model import Figure, Kind, Qualifier
from claims.extraction.figures.tokens import Tokens


class Found(NamedTuple):
    """A figure and the tokens [begin:end) it takes."""

    figure: Figure
    begin: int
    end: int


_Phrases = dict[str, list[tuple[tuple[str, ...], Qualifier]]]


def _phrases(table: dict[str, str], key: int) -> _Phrases:
    """Index phrases by their first (0) or last (-1) word, longest first."""
    found: _Phrases = {}
    for name, text in table.items():
        for phrase in text.split("|"):
            words = tuple(phrase.split())
            found.setdefault(words[key], []).append((words, Qualifier(name)))
    for phrases in found.values():
        phrases.sort(key=lambda entry: -len(entry[0]))
    return found


QUALIFYING = _phrases(lang.QUALIFIERS_BEFORE, -1)
_AFTER = _phrases(lang.QUALIFIERS_AFTER, 0)
_APPROXIMATE = {Qualifier.ABOUT, Qualifier.NEARLY}


def qualified(tokens: Tokens, found: Found) -> Found:
    figure = found.figure
    if found.figure.kind == Kind.RANGE and figure.high_inclusive is False:
        return found
    if after := match_after(tokens, found.end):
        end = found.end + len(after[0])
        found = Found(_bounded(tokens, figure, after[1], found.begin, end), found.begin, end)
        if before := match_before(tokens, found.begin):
            return found._replace(begin=before[1]) if before[0] not in _APPROXIMATE else found
        return found
    before = match_before(tokens, found.begin)
    if not before and (qualifier := _match_behind_noun(tokens, found)):
        return found._replace(figure=_bounded(tokens, figure, qualifier, found.begin, found.end))
    if before and not _is_during(tokens, figure, before[1]):
        return Found(_bounded(tokens, figure, before[0], before[1], found.end), before[1], found.end)
    return found


def _is_during(tokens: Tokens, figure: Figure, at: int) -> bool:
    """Tell whether "over" before a span of time means "in the course of", or "under" whose command."""
    if tokens.low[at] == "under" and tokens.low[at - 1] in lang.SERVED and figure.kind == Kind.CARDINAL:
        return True
    is_span = figure.kind == Kind.DURATION and tokens.low[at] == lang.OVER and tokens.low[at + 1] != "the"
    return is_span and tokens.low[at - 1] not in lang.BEFORE_OVER_A_SPAN


def match_before(tokens: Tokens, begin: int) -> tuple[Qualifier, int] | None:
    """Return how the words before a number bound it, and the token where they begin."""
    at = begin
    while at and begin - at < 2 and tokens.low[at - 1] in {"the", "a", "an", "all"}:
        at -= 1
    for words, qualifier in QUALIFYING.get(tokens.low[at - 1], ()) if at else ():
        if at >= len(words) and tuple(tokens.low[at - len(words) : at]) == words:
            return qualifier, at - len(words)
    return None


def match_after(tokens: Tokens, end: int) -> tuple[tuple[str, ...], Qualifier] | None:
    """Return the words after a number that bound it, and how: "or more", "-odd"."""
    for words, qualifier in _AFTER.get(tokens.low[end], ()):
        if tuple(tokens.low[end : end + len(words)]) == words:
            # "below 10 and above 40": the words bound the number after them, not the one before.
            follows = tokens.low[end + len(words)]
            is_numeric = tokens.is_number(end + len(words)) or follows in lang.SMALL
            is_followed = (is_numeric or follows in lang.ARTICLES or follows == "than") and words[0] in {"or", "and"}
            return None if is_followed else (words, qualifier)
    return None


def _match_behind_noun(tokens: Tokens, found: Found) -> Qualifier | None:
    """Return the bound said after the thing counted: "five boats or more", "ten people at most"."""
    unit = found.figure.unit.lower()
    if not unit or found.figure.kind not in (Kind.CARDINAL, Kind.FRACTION):
        return None
    nearby = tokens.low[found.end : found.end + 4]
    if unit not in nearby:
        return None
    at = found.end + nearby.index(unit) + 1
    after = match_after(tokens, at) if tokens.low[at] in {"or", "at"} else None
    return after[1] if after else None


def _bounded(tokens: Tokens, figure: Figure, qualifier: Qualifier, begin: int, end: int) -> Figure:
    if qualifier in _APPROXIMATE or figure.low != figure.high:
        return replace(figure, qualifier=qualifier)
    start = min(figure.start, tokens.starts[begin])
    stop = max(figure.end, tokens.ends[end - 1])
    figure = replace(figure, start=start, end=stop, source=tokens.text[start:stop], qualifier=qualifier)
    if qualifier in (Qualifier.AT_LEAST, Qualifier.MORE_THAN):
        return replace(figure, high=None, low_inclusive=qualifier == Qualifier.AT_LEAST)
    if qualifier in (Qualifier.UP_TO, Qualifier.FEWER_THAN):
        return replace(figure, low=None, high_inclusive=qualifier == Qualifier.UP_TO)
    return figure


def merge_bounds(tokens: Tokens, found: list[Found]) -> list[Found]:
    """Join "above 1000 and below 1500" into one figure with two ends."""
    merged: list[Found] = []
    for entry in found:
        if merged and (both := _two_ended(tokens, merged[-1], entry)):
            merged[-1] = both
        else:
            merged.append(entry)
    return merged


def _two_ended(tokens: Tokens, first: Found, second: Found) -> Found | None:
    a, b = first.figure, second.figure
    between = [word for word in tokens.low[first.end : second.begin] if word != "the"]
    if not 0 < len(between) <= 2 or not {*between} <= lang.COMPARE_JOINS:
        return None
    lower, upper = (a, b) if a.high is None else (b, a)
    if a.is_calendar or b.is_calendar or lower.high is not None or upper.low is not None:
        return None
    if lower.low is None or upper.high is None or not lower.low < upper.high:  # type: ignore[operator]
        return None
    figure = replace(
        a,
        end=b.end,
        source=tokens.text[a.start : b.end],
        low=lower.low,
        high=upper.high,
        low_inclusive=lower.low_inclusive,
        high_inclusive=upper.high_inclusive,
        qualifier=Qualifier.NONE,
        kind=Kind.RANGE if a.kind == Kind.CARDINAL else a.kind,
        unit=a.unit or b.unit,
    )
    return Found(figure, first.begin, second.end)
