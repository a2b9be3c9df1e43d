"""Whether two statements speak of the same thing and time, and which of their figures cannot both stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from claims.extraction.common_en import COMMON
from claims.extraction.figures import Figure, FigureComparison, Kind, Result, compare_figures, read_figures
from claims.extraction.figures.things import measure, thing

WORDS_SHARED = 2  # fewer do not make a common subject
SHARE_OF_WORDS = 0.5  # of the shorter statement's words; of the longer one's for a percentage or a sum of money
KEYS_LIMIT = 60
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_OWNS = re.compile(r"[’']s?$")
_TIMES = (Kind.DATE, Kind.PERIOD)
_NOT_NOUNS = (Kind.MONEY, Kind.PERCENT)
_CLOSENESS = {Result.EQUAL: 0, Result.WITHIN: 1, Result.OVERLAPS: 2, Result.CONFLICTS: 3}


@dataclass(frozen=True, slots=True)
class Compared:
    """A claim's figure beside the figure of another text that comes closest to it."""

    claim: Figure
    other: Figure
    found: FigureComparison


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement counts, when, and the words and names that say what it is about."""

    words: frozenset[str]
    first: str
    names: frozenset[str]
    counted: tuple[Figure, ...]
    times: tuple[Figure, ...]


def read_statement(text: str, counted: Iterable[Figure] | None = None, times: Iterable[Figure] = ()) -> Statement:
    """Read a statement; the figures given stand for those its text gives, the times are added to them."""
    found = read_figures(text)
    spoken, at = [], 0
    for figure in sorted(found, key=lambda figure: figure.start):
        spoken.append(text[at : figure.start])
        at = max(at, figure.end)
    spoken.append(text[at:])
    tokens = [_OWNS.sub("", word) for word in _WORD.findall(" ".join(spoken))]
    telling = [word for word in tokens if word.lower() not in COMMON]
    opening = tokens[0] if tokens else ""
    return Statement(
        words=frozenset(thing(word) for word in telling),
        first=thing(telling[0]) if telling else "",
        names=frozenset(thing(word) for word in telling if word[0].isupper() and word != opening),
        counted=tuple(f for f in (found if counted is None else counted) if is_counted(f)),
        times=tuple(f for f in found if f.kind in _TIMES) + tuple(f for f in times if f.kind in _TIMES),
    )


def is_counted(figure: Figure) -> bool:
    """Tell whether a figure counts or measures something it names: no bare number, no day, no place in an order."""
    return bool(figure.unit) and figure.kind not in (*_TIMES, Kind.ORDINAL)


def keys_of(statement: Statement) -> list[str]:
    """Return what statements about the same thing have in common, most often several of them; sorted, at most 60.

    A key is what is counted with one word of the statement, so that those of a common unit stay apart.
    """
    keys = {f"{_measured(figure)} {word}" for figure in statement.counted for word in statement.words}
    return sorted(key[:120] for key in keys)[:KEYS_LIMIT]


def _measured(figure: Figure) -> str:
    if figure.kind in _NOT_NOUNS:
        return figure.unit.lower()
    found = measure(figure.unit)
    return found.dimension if found else thing(figure.unit)


def are_alike(one: Statement, other: Statement) -> bool:
    """Tell whether two statements are about the same thing and time, as far as their words say.

    Another subject, another name or another period makes them two things; a period that only one gives does not.
    """
    shared = one.words & other.words
    if len(shared) < max(WORDS_SHARED, SHARE_OF_WORDS * min(len(one.words), len(other.words))):
        return False
    if one.first not in other.words and other.first not in one.words:
        return False
    if one.names - other.words and other.names - one.words:
        return False
    return are_of_one_time(one.times, other.times)


def are_of_one_time(one: Iterable[Figure], other: Iterable[Figure]) -> bool:
    """Tell whether some time of the one fits some time of the other, or either gives none."""
    one, other = list(one), list(other)
    if not one or not other:
        return True
    return any(_fits(a, b) for a in one for b in other)


def _fits(one: Figure, other: Figure) -> bool:
    if one.low is None or other.low is None:  # "May" of no year in particular is told by its words
        a, b = one.source.casefold(), other.source.casefold()
        return a in b or b in a
    return compare_figures(one, other).result != Result.CONFLICTS


def nearest_figures(claim: Iterable[Figure], other: Iterable[Figure]) -> list[Compared]:
    """Return, for each figure of the claim, the comparison with the figure that comes closest to it, if any can be.

    A conflict takes two figures that both name what they count; a bare number may agree and never contradicts.
    """
    other, nearest = list(other), []
    for figure in claim:
        compared = [Compared(figure, against, compare_figures(figure, against)) for against in other]
        telling = [item for item in compared if _tells(item)]
        if telling:
            nearest.append(min(telling, key=lambda item: _CLOSENESS[item.found.result]))
    return nearest


def _tells(item: Compared) -> bool:
    if item.found.result == Result.CONFLICTS:
        return bool(item.claim.unit and item.other.unit)
    return item.found.result in _CLOSENESS


def conflicting_figures(claim: Iterable[Figure], other: Iterable[Figure]) -> list[Compared]:
    """Return the comparisons of those figures of the claim that conflict with the other text and agree nowhere."""
    return [item for item in nearest_figures(claim, other) if item.found.result == Result.CONFLICTS]


def contradictions_between(one: Statement, other: Statement) -> list[Compared]:
    """Return the figures of two statements about the same thing and time that cannot both stand.

    A percentage and a sum of money do not say what they are of, so their statements must have more in common.
    """
    if not are_alike(one, other):
        return []
    conflicts = conflicting_figures(one.counted, other.counted)
    if len(one.words & other.words) >= SHARE_OF_WORDS * max(len(one.words), len(other.words)):
        return conflicts
    return [item for item in conflicts if item.claim.kind not in _NOT_NOUNS]
