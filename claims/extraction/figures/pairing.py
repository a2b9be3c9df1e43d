"""Compare the figures of two texts: which belongs to which, and what the pairs amount to."""

from datetime import date
from typing import NamedTuple

from claims.extraction import lang_en
from claims.extraction import things_en as lang
from claims.extraction.figures.comparing import compare_figures
from claims.extraction.figures.model import Figure
from claims.extraction.figures.reader import read_figures
from claims.extraction.figures.results import FigureComparison, Result, said
from claims.extraction.figures.things import measure, thing
from claims.extraction.figures.tokens import Tokens

# From the answer that leaves nothing open to the one that cannot stand.
_SEVERITY = (Result.EQUAL, Result.WITHIN, Result.OVERLAPS, Result.CONFLICTS)
_AGREEMENT = {Result.EQUAL: 1.0, Result.WITHIN: 0.8, Result.OVERLAPS: 0.4}
# Beyond this many figures a text is a table, and pairing by words means nothing.
MAX_FIGURES = 60
_REACH = 8


class TextComparison(NamedTuple):
    """What a claim's figures and a source's amount to, and the pair that decided; no pair where none compares."""

    result: Result
    rule: str
    reason: str
    claim: Figure | None = None
    source: Figure | None = None


class _Placed(NamedTuple):
    """A figure and what stands around it."""

    figure: Figure
    words: frozenset[str]
    names: frozenset[str]  # between the number and the thing counted: "2,500 Danish troops"
    places: frozenset[str]
    rate: str
    is_taken: bool | None  # lost or kept, where the words say so


def compare_texts(claim: str, source: str, *, reference_date: date | None = None) -> TextComparison:
    """Compare each figure of a claim with the one of the source that it most likely repeats.

    The pair that agrees least decides; a figure without a counterpart decides nothing. Figures said of times that
    have no day in common are not comparable. `reference_date` places days without a year in both texts. Only the
    first 60 figures of each text are looked at. Nothing is raised.
    """
    ours = _placed(claim, reference_date)
    theirs = _placed(source, reference_date)
    if not ours or not theirs:
        which = "claim" if not ours else "source"
        return TextComparison(Result.NOT_COMPARABLE, "no_figures", f"The {which} gives no figure.")
    pairs = [_counterpart(one, theirs, is_only=len(ours) == len(theirs) == 1) for one in ours]
    days = [pair for pair in pairs if pair.result in _SEVERITY and pair.claim and pair.claim.is_calendar]
    counts = [pair for pair in pairs if pair.result in _SEVERITY and pair.claim and not pair.claim.is_calendar]
    worst = max(counts, key=_severity, default=None)
    when = max(days, key=_severity, default=None)
    if when and when.result == Result.CONFLICTS and worst and worst.result in (Result.CONFLICTS, Result.OVERLAPS):
        return when._replace(
            result=Result.NOT_COMPARABLE,
            rule="different_period",
            reason=f"They speak of different times: {when.reason}",
        )
    if worst is None and when is None:
        return pairs[0]
    return max(filter(None, (worst, when)), key=_severity)


def _severity(pair: TextComparison) -> int:
    return _SEVERITY.index(pair.result)


def _counterpart(one: _Placed, theirs: list[_Placed], *, is_only: bool) -> TextComparison:
    """Return the comparison with the figure of the source that speaks most likely of the same."""
    best, best_score = None, -1.0
    for other in theirs:
        found = _compare(one, other)
        score = _likeness(one, other) + _AGREEMENT.get(found.result, 0)
        is_sure = is_only or _is_same_thing(one.figure, other.figure) or bool(one.words & other.words)
        if found.result == Result.CONFLICTS and not is_sure:
            reason = f"Nothing says that “{said(one.figure)}” and “{said(other.figure)}” are about the same."
            found = FigureComparison(Result.NOT_COMPARABLE, "different_things", reason)
        if found.result == Result.NOT_COMPARABLE:
            score -= 10
        if best is None or score > best_score:
            best = TextComparison(found.result, found.rule, found.reason, one.figure, other.figure)
            best_score = score
    assert best is not None
    return best


def _compare(one: _Placed, other: _Placed) -> FigureComparison:
    opposed = None if one.is_taken is None or other.is_taken is None else one.is_taken != other.is_taken
    found = compare_figures(one.figure, other.figure, opposed=opposed)
    if found.result == Result.NOT_COMPARABLE or one.figure.is_calendar:
        return found
    if one.rate and other.rate and one.rate != other.rate:
        reason = f"One is for each {one.rate}, the other for each {other.rate}."
        return FigureComparison(Result.NOT_COMPARABLE, "different_rate", reason)
    if _are_apart(one.names, other.names):
        reason = f"One counts {_listed(one.names)}, the other {_listed(other.names)}."
        return FigureComparison(Result.NOT_COMPARABLE, "different_things", reason)
    if found.result == Result.CONFLICTS and _are_apart(one.places, other.places):
        reason = f"One speaks of {_listed(one.places)}, the other of {_listed(other.places)}."
        return FigureComparison(Result.NOT_COMPARABLE, "different_place", reason)
    return found


def _are_apart(names: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether two sets of names are both there and share none; "Iran" and "Iranian" are one name."""
    return bool(names and others) and {name[:4] for name in names}.isdisjoint(name[:4] for name in others)


def _listed(names: frozenset[str]) -> str:
    return " ".join(sorted(name.upper() if len(name) < 3 else name.capitalize() for name in names))


def _is_same_thing(one: Figure, other: Figure) -> bool:
    return bool(one.unit) and thing(one.unit) == thing(other.unit)


def _likeness(one: _Placed, other: _Placed) -> float:
    score = 2.0 * _is_same_thing(one.figure, other.figure) + (one.figure.kind == other.figure.kind)
    score += 0.5 * len(one.words & other.words)
    if one.places and other.places:
        score += 1.0 if one.places & other.places else -1.0
    if one.is_taken is not None and other.is_taken is not None:
        score += 0.5 * (one.is_taken == other.is_taken)
    return score


def _placed(text: str, reference: date | None) -> list[_Placed]:
    figures = read_figures(text, reference_date=reference)[:MAX_FIGURES]
    if not figures:
        return []
    tokens = Tokens(text)
    placed, index = [], 0
    for figure in figures:
        while index < tokens.count and tokens.starts[index] < figure.start:
            index += 1
        end = index
        while end < tokens.count and tokens.starts[end] < figure.end:
            end += 1
        names, head = _modifiers(tokens, end, figure.unit)
        words = _words_near(tokens, index, end, figure.unit)
        placed.append(
            _Placed(figure, words, names, _places(tokens, head), _rate(tokens, head), _taken(tokens, index, end))
        )
        index = end
    return placed


def _words_near(tokens: Tokens, begin: int, end: int, unit: str) -> frozenset[str]:
    near = tokens.low[max(0, begin - _REACH) : begin] + tokens.low[end : end + _REACH]
    skipped = {thing(unit), unit.lower()}
    words = {thing(word) for word in near if word[:1].isalpha() and word not in lang.COMMON}
    return frozenset(words - skipped)


def _modifiers(tokens: Tokens, end: int, unit: str) -> tuple[frozenset[str], int]:
    """Return the names between a number and the thing it counts, and the token after that thing."""
    if not unit or measure(unit) or unit.lower() not in tokens.low[end : end + _REACH]:
        return frozenset(), end
    head = tokens.low.index(unit.lower(), end)
    names = {lang.SAME_NAME.get(tokens.low[at], tokens.low[at]) for at in range(end, head) if _is_name(tokens, at)}
    return frozenset(names), head + 1


def _is_name(tokens: Tokens, at: int) -> bool:
    return tokens.raw[at][:1].isupper() and at > 0


def _places(tokens: Tokens, at: int) -> frozenset[str]:
    """Return the names of the place said after a counted thing: "Malta" in "guards stand in Malta"."""
    last = at + 4
    while tokens.low[at] not in lang.PLACE_WORDS:
        if at == last or tokens.low[at] in lang.CLAUSE_ENDS:
            return frozenset()
        at += 1
    at += 1 + (tokens.low[at + 1] == "the")
    names = []
    while tokens.raw[at][:1].isupper() and tokens.low[at] not in lang_en.MONTHS:
        names.append(lang.SAME_NAME.get(tokens.low[at], tokens.low[at]))
        at += 1
    return frozenset(names)


def _rate(tokens: Tokens, at: int) -> str:
    """Return the span a figure is given for: "day" for "a day", "per day", "daily"."""
    while tokens.raw[at] in {"-", "‑"}:
        at += 1
    if tokens.low[at] in lang.PER:
        following = at + 1 + (tokens.raw[at + 1] in {"-", "‑"})
        return lang_en.DURATIONS.get(tokens.low[following], "")
    return lang.RATES.get(tokens.low[at], "")


def _taken(tokens: Tokens, begin: int, end: int) -> bool | None:
    """Tell whether a part is said to be taken away (True) or left (False); None where the words do not say."""
    for at in [*range(begin - 1, max(-1, begin - _REACH), -1), *range(end, min(tokens.count, end + _REACH))]:
        word = tokens.low[at]
        is_vote = word in lang.IN_FAVOUR | lang.AGAINST and tokens.low[at - 1] in lang.VOTED
        if word in lang.TAKEN or word in lang.KEPT or is_vote:
            nearby = tokens.low[max(0, at - 3) : at]
            is_denied = not lang.NOT_WORDS.isdisjoint(nearby) or any(near.endswith(("n't", "n’t")) for near in nearby)
            return (word in lang.TAKEN or word in lang.AGAINST) != is_denied
    return None
