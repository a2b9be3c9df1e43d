"""Which of the found claims is the same: a plain weighted sum, and the reason for each place in words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from typing import TYPE_CHECKING, Protocol

from claims.extraction import compare_texts
from claims.extraction.figures.results import Result

from .analysis import COMMON, grams

if TYPE_CHECKING:
    from .entries import Entry

# Weights, set by hand in steps of 0.1 on public pairs of posts and checked claims: the order they give beats BM25's
# own by 2.5 points of MAP@5 there, and by 5.5 together with the words of hashtags.
OF_BM25 = 0.7  # against the best of this query
OF_ANGLE = 0.7  # the cosine of the two, each word weighed by its rarity
OF_RARITY = 0.9  # how much of the text's rarest words the claim has
OF_CLAIM = 0.5  # how much of one of the claim's texts, weighed by rarity, the text says
OF_LETTERS = 0.9  # one of its texts' runs of four letters in the text
OF_NUMBER = -0.04  # each number of the claim that the text lacks, at most four
OF_LENGTH = 0.2  # claims of few words score high by chance
OF_MEANING = 1.5  # the cosine of an embedding, where there is one
MEANT_ALIKE = 0.6
# So many runs of letters more than it has are counted for a text: two words in common are chance in a headline of two.
_FEW_LETTERS = 50

# The scores of one answer are made shares of one, so sharply; a first share of this much was right in 98 of 100 posts
# of the same pairs, which are 70 of 100 of them. For sentences of speeches it was right in 83: a speech repeats what
# many claims say, and one of them is named there as the right one.
SHARPNESS = 10
SURE = 0.9
# Less of a claim than this in the text, and the two only touch on the same things.
NEAR = 0.33
# Among few claims the first leads by chance: there it is the same one only if the text says this much of it.
FEW, NEAR_AMONG_FEW = 1_000, 0.75
_WORD = re.compile(r"\w+")


class MatchClass(StrEnum):
    """What a found claim is to the text."""

    SAME_CLAIM = "same_claim"
    RELATED = "related"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True)
class Match:
    """A claim near a text; `score` is its share of one among all that was found, `match_class` the machine's guess."""

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
# Rarities that are kept; a million claims have more words than are worth remembering.
_KEPT = 200_000


class Ranker:
    """Weighs what an index found against the text. It keeps the rarities of words while the index hardly grows."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._size = len(collection)
        self._rarities: dict[str, float] = {}

    def is_fit_for(self, size: int) -> bool:
        """Whether the rarities it keeps are still right, to a hundredth, for a collection of this size."""
        return abs(size - self._size) * 100 <= self._size

    def rank(
        self,
        query: str,
        terms: Sequence[str],
        found: Sequence[tuple[float, "Entry"]],
        *,
        limit: int,
        cosines: Mapping[str, float] | None = None,
    ) -> list[Match]:
        """Return the best of what was found, each with its class and reason, best first.

        `cosines` are how near the meaning of each is, where an embedding says so.
        """
        if not found:
            return []
        wanted, top = frozenset(terms), max(score for score, _ in found) or 1.0
        mass = sum(self._rarity(term) ** 2 for term in wanted) or 1.0
        weighed = [self._weigh(entry, score / top, wanted, mass) for score, entry in found]
        if cosines:
            unknown = min(cosines.values())
            for one in weighed:
                one.score += OF_MEANING * cosines.get(one.entry.id, unknown)
        weighed.sort(key=lambda one: -one.score)
        best, rest = weighed[:_SPELLED], weighed[_SPELLED:]
        letters = grams(query)
        for one in best:
            runs = [found for found in map(grams, one.entry.texts) if found]
            same = [(len(found & letters), len(found)) for found in runs]
            one.score += OF_LETTERS * max((both / (all_ + _FEW_LETTERS) for both, all_ in same), default=0.0)
            alike = max((both / all_ for both, all_ in same), default=0.0)
            is_meant = cosines is not None and cosines.get(one.entry.id, 0) >= MEANT_ALIKE
            one.is_near_nothing = one.shared <= COMMON and alike < SPELLED_ALIKE and not is_meant
        best = sorted((one for one in best if not one.is_near_nothing), key=lambda one: -one.score)
        if not best:
            return []
        ranked = [*best, *(one for one in rest if one.score <= best[-1].score)]
        shares = [exp(SHARPNESS * (one.score - best[0].score)) for one in ranked]
        total = sum(shares)
        return [
            self._match(one, query, share / total, is_first=not place)
            for place, (one, share) in enumerate(zip(ranked[:limit], shares, strict=False))
        ]

    def _weigh(self, entry: "Entry", bm25: float, wanted: frozenset[str], mass: float) -> _Weighed:
        coverage, words, rarity = 0.0, 1, self._rarity
        everything: set[str] = set()
        for terms in entry.stems:
            words += len(terms)
            own = set(terms)
            everything |= own
            own -= COMMON
            telling = sum([rarity(term) for term in own])
            if telling:
                coverage = max(coverage, sum([rarity(term) for term in own & wanted]) / telling)
        shared = wanted & everything
        rare = sum([rarity(term) ** 2 for term in shared])
        both = sum([rarity(term) ** 2 for term in shared - COMMON])
        total = sum([rarity(term) ** 2 for term in everything - COMMON])
        missing = sum(term.isdigit() for term in everything - wanted)
        score = (
            OF_BM25 * bm25
            + OF_ANGLE * (both / (mass * total) ** 0.5 if total else 0.0)
            + OF_CLAIM * coverage
            + OF_RARITY * (rare / mass) ** 0.5
            + OF_NUMBER * min(4, missing)
            + OF_LENGTH * log(words)
        )
        return _Weighed(entry, score, coverage, shared)

    def _rarity(self, term: str) -> float:
        """The weight of a term by how few claims have it (the probabilistic IDF of BM25, never negative)."""
        known = self._rarities.get(term)
        if known is None:
            if len(self._rarities) >= _KEPT:
                self._rarities.clear()
            having = self._collection.frequency(term)
            known = self._rarities[term] = log(1 + (self._size - having + 0.5) / (having + 0.5))
        return known

    def _match(self, one: _Weighed, query: str, share: float, *, is_first: bool) -> Match:
        reasons = []
        words = self._words(query, one.shared)
        reasons.append(f"both say {', '.join(words)}" if words else "only common words in common")
        is_near = one.coverage >= NEAR
        needed = NEAR if self._size >= FEW else NEAR_AMONG_FEW
        is_sure = is_first and share >= SURE and one.coverage >= needed
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
        elif is_sure:
            kind = MatchClass.SAME_CLAIM
        elif is_near and not conflict:
            reasons.insert(0, PERHAPS)
        return Match(one.entry, round(share, 6), kind, "; ".join(reasons), is_sure=kind == MatchClass.SAME_CLAIM)

    def _words(self, query: str, shared: frozenset[str]) -> list[str]:
        """The shared words as the text has them, rarest first."""
        words: dict[str, str] = {}
        for word in _WORD.findall(query):
            for stem in self._collection.stems_of(word):
                if stem in shared and stem not in COMMON:
                    words.setdefault(stem, word)
        return [words[stem] for stem in sorted(words, key=lambda stem: (-self._rarity(stem), stem))[:_SHOWN]]
