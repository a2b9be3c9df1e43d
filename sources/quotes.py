"""Where a quote stands in a text: exact, the same but for typography, or the passage nearest to it (pure)."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import AnyStr

import edlib

from sources.folding import fold, normalise
from sources.squeezing import Squeezed

__all__ = ["Found", "Passage", "QuoteSearch", "find_quote", "nearest_passage", "normalise", "quote_context"]

MAX_TEXT = 1_000_000  # characters searched for a near passage
MAX_QUOTE = 2_000  # characters
MAX_PLACES = 1_000  # equal places weighed against each other
_FEW_PLACES = 20  # that are looked at one by one; past them the whole text is folded
_CONTEXT = 200  # characters of context that count
# What composes to more than a letter with its one mark: jamo, two marks in a row, and letters that stand for others.
_RARELY_COMPOSED = re.compile(
    "[\u1100-\u11ff\u0340-\u0345\u2126\u212a\u212b\uf900-\ufaff]|[\u0300-\u036f]{2}|[^\x00-\u0300\u2000-\uffff][\u0300-\u036f]"
)
_LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"


@dataclass(frozen=True)
class Found:
    """Where a quote stands: code points, end exclusive. `ambiguous`: other places fit as well."""

    start: int
    end: int
    how: str  # "exact" or "normalised"
    ambiguous: bool = False


@dataclass(frozen=True)
class Passage:
    """The passage nearest to a quote; `similarity` is 1 for the same letters and 0 for none. Not a match."""

    start: int
    end: int
    text: str
    similarity: float


class QuoteSearch:
    """One quote looked for in one text; what both looks need is made once."""

    def __init__(self, text: str, quote: str) -> None:
        self.text = text
        self.quote = quote

    def find(self, prefix: str = "", suffix: str = "") -> Found | None:
        """Where the quote stands, exactly or else but for typography; None if it does not.

        Of several places the one that fits prefix and suffix best is given; `ambiguous` if none fits better.
        """
        text, quote = self.text, self.quote
        if not quote.strip():
            return None
        exact = [(at, at + len(quote)) for at in _places(text, quote)]
        if exact:
            (start, end), ambiguous = _best(text, exact, prefix, suffix)
            return Found(start, end, "exact", ambiguous)
        wanted = normalise(quote)
        spans = self._normalised_spans(wanted) if wanted else []
        if not spans:
            return None
        (start, end), ambiguous = _best(text, spans, fold(prefix).text, fold(suffix).text, folded=True)
        return Found(start, end, "normalised", ambiguous)

    def nearest(self, prefix: str = "", suffix: str = "") -> Passage | None:
        """The passage at the least edit distance from the quote; see `nearest_passage`."""
        target, query = self._squeezed.target, self._squeezed.query
        if not target or not query:
            return None
        at = target.find(query)
        if at >= 0:
            start, end, distance = at, at + len(query), 0
        else:
            # The distance and its end first, then the start by running backwards from there: asking for both
            # at once takes the square of the length on repetitive text.
            ahead = edlib.align(query, target, mode="HW", task="distance", k=len(query) // 2)
            distance = ahead["editDistance"]
            if distance < 0 or not ahead["locations"]:
                return None
            end = self._chosen_end([place[1] for place in ahead["locations"][:MAX_PLACES]], prefix, suffix) + 1
            window = target[max(0, end - len(query) - distance) : end]
            back = edlib.align(query[::-1], window[::-1], mode="SHW", task="distance")
            start = end - back["locations"][-1][1] - 1
            if start >= end:
                return None
        begin, finish = self._squeezed.span(start, end)
        return Passage(begin, finish, self.text[begin:finish], max(0.0, 1 - distance / len(query)))

    @cached_property
    def _squeezed(self) -> Squeezed:
        return Squeezed(self.text[:MAX_TEXT], self.quote[:MAX_QUOTE])

    def _normalised_spans(self, wanted: str) -> list[tuple[int, int]]:
        """Where the quote stands but for typography, at most 1,000 places.

        Texts that are the same so are the same squeezed, which is far cheaper to find out; texts with ligatures,
        which squeezing takes for one letter, or with rare compositions are folded whole.
        """
        text, quote = self.text, self.quote
        is_plain = len(text) <= MAX_TEXT and len(quote) <= MAX_QUOTE and text.isascii() and quote.isascii()
        if not is_plain and (
            len(text) > MAX_TEXT
            or len(quote) > MAX_QUOTE
            or any(letter in quote or letter in text for letter in _LIGATURES)
            or (not unicodedata.is_normalized("NFC", text) and _RARELY_COMPOSED.search(text))
            or (not unicodedata.is_normalized("NFC", quote) and _RARELY_COMPOSED.search(quote))
        ):
            return _folded_spans(text, wanted)
        squeezed = self._squeezed
        if not squeezed.query:
            return _folded_spans(text, wanted)
        places = _places(squeezed.target, squeezed.query, _FEW_PLACES + 1)
        if len(places) > _FEW_PLACES:
            return _folded_spans(text, wanted)
        found = []
        for at in places:
            begin, end = squeezed.span(at, at + len(squeezed.query))
            begin, end = max(0, begin - 4), end + 4
            found += [(begin + a, begin + b) for a, b in _folded_spans(text[begin:end], wanted)]
        return sorted(set(found))

    def _chosen_end(self, ends: list[int], prefix: str, suffix: str) -> int:
        """Of several ends at the same distance, the one whose surroundings fit best, the first of equals."""
        if len(ends) == 1 or not (prefix or suffix):
            return ends[0]
        spans = {}
        for end in ends[:_FEW_PLACES]:
            finish = self._squeezed.span(end, end + 1)[1]
            spans[max(0, finish - len(self.quote)), finish] = end
        return spans[_best(self.text, list(spans), prefix, suffix)[0]]


def find_quote(text: str, quote: str, prefix: str = "", suffix: str = "") -> Found | None:
    """Where the quote stands, exactly or else but for typography; None if it does not.

    Of several places the one that fits prefix and suffix best is given, and `ambiguous` if none fits better.
    """
    return QuoteSearch(text, quote).find(prefix, suffix)


def nearest_passage(text: str, quote: str, prefix: str = "", suffix: str = "") -> Passage | None:
    """The passage at the least edit distance from the quote, for showing side by side; never a verification.

    Looks at the first 1,000,000 characters for the first 2,000 of the quote. None when under half is alike.
    """
    return QuoteSearch(text, quote).nearest(prefix, suffix)


def quote_context(text: str, start: int, end: int, size: int = _CONTEXT) -> tuple[str, str]:
    """The text before and after a span, at most `size` characters each."""
    return text[max(0, start - size) : start], text[end : end + size]


def _folded_spans(text: str, wanted: str) -> list[tuple[int, int]]:
    folded = fold(text)
    return [folded.span(at, at + len(wanted)) for at in _places(folded.text, wanted)]


def _places(text: AnyStr, wanted: AnyStr, limit: int = MAX_PLACES) -> list[int]:
    places: list[int] = []
    at = text.find(wanted)
    while at >= 0 and len(places) < limit:
        places.append(at)
        at = text.find(wanted, at + 1)
    return places


def _best(
    text: str, spans: list[tuple[int, int]], prefix: str, suffix: str, *, folded: bool = False
) -> tuple[tuple[int, int], bool]:
    """The place that fits its context best, the first of equals, and whether there are equals."""
    if len(spans) == 1:
        return spans[0], False
    scores = []
    for start, end in spans:
        before, after = quote_context(text, start, end)
        if folded:
            before, after = fold(before).text, fold(after).text
        scores.append(_common(before[::-1], prefix[-_CONTEXT:][::-1]) + _common(after, suffix[:_CONTEXT]))
    best = max(scores)
    return spans[scores.index(best)], scores.count(best) > 1


def _common(one: str, other: str) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
