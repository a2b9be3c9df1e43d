"""Which of the found claims is the same: a plain weighted sum, and the reason for each place in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from math import log
from typing import TYPE_CHECKING, Protocol

from claims.extraction import compare_texts
from claims.extraction.figures.results import Result

from .analysis import COMMON, grams

if TYPE_CHECKING:
    from .entries import Entry

# Weights, set by hand in steps of 0.05 on public pairs of posts and checked claims: the order they give beats BM25's
# own by 2 points of MAP@5 there, and by 5 together with the words of hashtags.
OF_BM25 = 1.0  # against the best of this query
OF_CLAIM = 0.45  # how much of the claim, weighed by rarity, the text says
OF_LETTERS = 0.4  # the claim's runs of four letters in the text
OF_RARITY = 0.45  # how much of the text's rarest words the claim has
OF_NUMBER = -0.04  # each number of the claim that the text lacks, at most four
OF_LENGTH = 0.05  # claims of few words score high by chance

# A lead over the next of this much, in the same units, was right in 98 of 100 posts of the same pairs. For sentences
# of speeches it was in 83: a speech repeats what many claims say, and one of them is named there as the right one.
SURE_LEAD = 0.32
# Less of a claim than this in the text, and the two only touch on the same things.
NEAR = 0.35
_WORD = re.compile(r"\w+")


class MatchClass(StrEnum):
    """What a found claim is to the text."""

    SAME_CLAIM = "same_claim"
    RELATED = "related"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True)
class Match:
    """A claim near a text; `score` is comparable within one query only, `match_class` is the machine's guess."""

    entry: "Entry"
    score: float
    match_class: MatchClass
    reason: str
    is_sure: bool = False


class Collection(Protocol):
    """What the ranking asks of an index."""

    def __len__(self) -> int: ...
    def frequency(self, term: str) -> int: ...
    def stems_of(self, word: str) -> list[str]: ...


@dataclass(slots=True)
class _Weighed:
    entry: "Entry"
    score: float
    coverage: float  # of the claim by the text, 0 to 1
    shared: frozenset[str]  # the terms both have
    is_near_nothing: bool = False


# The letters are compared for so many of the best by all else: it is the dearest part and rarely moves one far.
_SPELLED = 30
# With no telling word in common, this much of a claim's runs of letters is a misspelling; less is chance.
SPELLED_ALIKE = 0.2
PERHAPS = "perhaps the same claim"
# Words shown as the reason for a match.
_SHOWN = 5


class Ranker:
    """Weighs what an index found against the text. One for each state of the index: it keeps its frequencies."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._size = len(collection)
        self._rarities: dict[str, float] = {}

    def rank(
        self, query: str, terms: Sequence[str], found: Sequence[tuple[float, "Entry"]], *, limit: int
    ) -> list[Match]:
        """Return the best of what was found, each with its class and reason, best first."""
        if not found:
            return []
        wanted, top = frozenset(terms), max(score for score, _ in found) or 1.0
        mass = sum(self._rarity(term) ** 2 for term in wanted) or 1.0
        weighed = [self._weigh(entry, score / top, wanted, mass) for score, entry in found]
        weighed.sort(key=lambda one: -one.score)
        letters = grams(query)
        for one in weighed[:_SPELLED]:
            alike = max(map(partial(_alike, letters), one.entry.texts), default=0.0)
            one.score += OF_LETTERS * alike
            one.is_near_nothing = one.shared <= COMMON and alike < SPELLED_ALIKE
        weighed = [one for one in weighed if not one.is_near_nothing]
        if not weighed:
            return []
        weighed = sorted(weighed[:_SPELLED], key=lambda one: -one.score) + weighed[_SPELLED:]
        lead = weighed[0].score - weighed[1].score if len(weighed) > 1 else SURE_LEAD
        return [
            self._match(one, query, is_sure=not place and lead >= SURE_LEAD)
            for place, one in enumerate(weighed[:limit])
        ]

    def _weigh(self, entry: "Entry", bm25: float, wanted: frozenset[str], mass: float) -> _Weighed:
        coverage, words = 0.0, 1
        shared: set[str] = set()
        missing: set[str] = set()
        for stems in entry.stems:
            words += len(stems)
            both = wanted.intersection(stems)
            shared |= both
            missing.update(stem for stem in stems if stem.isdigit())
            telling = sum(map(self._rarity, set(stems) - COMMON))
            if telling:
                coverage = max(coverage, sum(map(self._rarity, both - COMMON)) / telling)
        rare = sum(self._rarity(term) ** 2 for term in shared) / mass
        score = (
            OF_BM25 * bm25
            + OF_CLAIM * coverage
            + OF_RARITY * rare**0.5
            + OF_NUMBER * min(4, len(missing - wanted))
            + OF_LENGTH * log(words)
        )
        return _Weighed(entry, score, coverage, frozenset(shared))

    def _rarity(self, term: str) -> float:
        """The weight of a term by how few claims have it (the probabilistic IDF of BM25, never negative)."""
        known = self._rarities.get(term)
        if known is None:
            having = self._collection.frequency(term)
            known = self._rarities[term] = log(1 + (self._size - having + 0.5) / (having + 0.5))
        return known

    def _match(self, one: _Weighed, query: str, *, is_sure: bool) -> Match:
        reasons = []
        words = self._words(query, one.shared)
        reasons.append(f"both say {', '.join(words)}" if words else "only common words in common")
        is_near = one.coverage >= NEAR
        conflict = is_date = False
        if is_near:
            figures = compare_texts(one.entry.texts[0], query)
            is_date = figures.claim is not None and figures.claim.is_calendar
            conflict = figures.result == Result.CONFLICTS
            if conflict or figures.result in (Result.EQUAL, Result.WITHIN, Result.OVERLAPS):
                word = "differs" if conflict else "figures agree"
                reasons.append(f"{word}: {figures.reason.rstrip('.')}")
        if one.entry.claimant and one.entry.claimant.lower() in query.lower():
            reasons.append(f"same claimant: {one.entry.claimant}")
        kind = MatchClass.RELATED
        if conflict and is_near and not is_date:
            kind = MatchClass.CONTRADICTS
        elif is_sure and is_near:
            kind = MatchClass.SAME_CLAIM
        elif is_near and not conflict:
            reasons.insert(0, PERHAPS)
        return Match(one.entry, round(one.score, 4), kind, "; ".join(reasons), is_sure=kind == MatchClass.SAME_CLAIM)

    def _words(self, query: str, shared: frozenset[str]) -> list[str]:
        """The shared words as the text has them, rarest first."""
        words: dict[str, str] = {}
        for word in _WORD.findall(query):
            for stem in self._collection.stems_of(word):
                if stem in shared and stem not in COMMON:
                    words.setdefault(stem, word)
        return [words[stem] for stem in sorted(words, key=lambda stem: (-self._rarity(stem), stem))[:_SHOWN]]


def _alike(letters: frozenset[str], text: str) -> float:
    """Return how much of a text's runs of letters are among these, 0 to 1."""
    runs = grams(text)
    return len(runs & letters) / len(runs) if runs else 0.0
