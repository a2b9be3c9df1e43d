"""The passage of a text that stands where a quote stood, or says most nearly the same (pure).

An alignment finds a quote with other letters; its rarest words find one whose order changed, whose middle is gone,
or that is somebody's paraphrase. Neither verifies anything.
"""

import math
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from sources.folding import FOLDS
from sources.quotes import MAX_QUOTE, MAX_TEXT, Passage, QuoteSearch

# Measured on sentences of debates, altered in five ways, and on sentences of other debates: 99 of 100 of the latter
# have fewer of their letters, four by four, in the passage most like them, and 99 of 100 of the former have more.
# Short sentences are more often like one another by chance.
FOUND_FROM = 0.5
_SHORT, _SHORT_FROM = 60, 0.58  # characters; the share at none of them
# An alignment as near as this needs no second opinion.
_ALIKE = 0.8
_MAX_WORDS = 60  # of the quote, its longest
_LONGEST = 1_200  # characters of a sentence
_LONGEST_WORD = 100  # characters
_MAX_HITS = 4_000  # of one word; a word that stands everywhere says nothing about where
_GRAM = 4  # letters
_REACH = 80  # characters of the same sentence in which a part that moved is looked for
# BM25's two constants, and what a neighbour's score adds: a paraphrase often takes words from two lines.
_K1, _B, _NEIGHBOUR = 0.9, 0.6, 0.15
_WORD = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*")
_BREAK = re.compile(r"\n+|(?<=[.!?…])[\"”’)\]]*\s+(?=[^\sa-z])")
_ENDING = re.compile(r"(?:['’]s|(?<=[a-z]{3})(?:ies|ing|ed|es|ly|s|e|y))+\Z")
_FOLD = str.maketrans({mark: plain for mark, plain in FOLDS.items() if len(plain) <= 1})
_INSIDE = ".,:/'’-\u2010\u2011"  # between two letters or digits, part of the word
_BEFORE_DIGITS = "$€£¥₪₹-+−#~"
_AFTER_DIGITS = "%‰°€$£¥"
_LEADING, _TRAILING = re.compile(r"[^\w\s]{1,4}"), re.compile(r"[^\w\s]{1,4}\Z")
_STOPS = re.compile(r"[\n\t]|[.!?…][\"”’)\]]*\s")


@dataclass(frozen=True)
class Relocated:
    """Where a quote stands now, whole words; `likeness` is the share of its letters, four by four, found there.

    Where that is too small a share it is only the passage most like the quote, and `is_found` says so.
    """

    start: int
    end: int
    likeness: float
    is_found: bool


def relocate(search: QuoteSearch, prefix: str = "", suffix: str = "") -> Relocated | None:
    """Find the passage nearest to a quote that does not stand in the text as it is; None if no word of it does."""
    text = search.text[:MAX_TEXT]
    quote = search.quote[:MAX_QUOTE]
    near = search.nearest(prefix, suffix)
    if near is not None and near.similarity >= _ALIKE:
        start, end = _fitted(text, quote, near.start, near.end)
        return Relocated(start, end, near.similarity, True)
    grams = _grams(quote)
    aligned = [_measured(text, quote, grams, near)] if near else []
    alike = [_grown(text, quote, grams, place) for place in similar_passages(text, quote)]
    best = max(aligned + alike, key=lambda place: _worth(place, len(quote)), default=None)
    if best is None or best.is_found:
        return best
    return alike[0] if alike else best


def _worth(place: Relocated, length: int) -> float:
    """Of two passages with the same words, the one that has fewer others."""
    return place.likeness - 0.1 * max(0.0, (place.end - place.start) / length - 1.3)


def similar_passages(text: str, quote: str, limit: int = 5) -> list[tuple[int, int]]:
    """The lines or sentences that share the quote's rarest words, best first (BM25)."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    breaks = _breaks(text)
    count = max(1, len(breaks) - 1)
    average = max(1.0, len(text) / count)
    scores: dict[int, float] = {}
    stems = dict.fromkeys(_stem(word) for word in _WORD.findall(quote.lower()))
    for stem in sorted(stems, key=len, reverse=True)[:_MAX_WORDS]:
        lines = Counter(bisect_right(breaks, at) - 1 for at in _starts(lower, stem))
        weight = math.log(1 + (count - len(lines) + 0.5) / (len(lines) + 0.5)) * (1 + stem[:1].isdigit())
        for line, times in lines.items():
            length = (breaks[line + 1] - breaks[line]) / average
            share = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length))
            scores[line] = scores.get(line, 0.0) + weight * share
    # Of a line whose neighbours speak of the same; only lines that have a word themselves.
    summed = {line: s + _NEIGHBOUR * (scores.get(line - 1, 0) + scores.get(line + 1, 0)) for line, s in scores.items()}
    best = sorted(summed, key=lambda line: (-summed[line], line))[:limit]
    return [(breaks[line], breaks[line + 1]) for line in best]


def _breaks(text: str) -> list[int]:
    """Where lines and sentences begin, and the text's end; what has neither is parted every so many characters."""
    breaks = [0]
    for end in (*(match.end() for match in _BREAK.finditer(text)), len(text)):
        if end - breaks[-1] > _LONGEST:
            breaks += range(breaks[-1] + _LONGEST // 2, end, _LONGEST // 2)
        if end > breaks[-1]:
            breaks.append(end)
    return breaks


def _starts(lower: str, stem: str) -> list[int]:
    places: list[int] = []
    tries = 0
    at = lower.find(stem)
    while at >= 0 and tries < _MAX_HITS:
        tries += 1
        if at == 0 or not lower[at - 1].isalnum():
            places.append(at)
        at = lower.find(stem, at + 1)
    return places


def _stem(word: str) -> str:
    return _ENDING.sub("", word)


def _grams(text: str) -> set[str]:
    plain = " ".join(text.translate(_FOLD).lower().split())
    return {plain[at : at + _GRAM] for at in range(max(1, len(plain) - _GRAM + 1))}


def _measured(text: str, quote: str, grams: set[str], near: Passage) -> Relocated:
    start, end = _fitted(text, quote, near.start, near.end)
    return _judged(text, quote, grams, start, end)


def _judged(text: str, quote: str, grams: set[str], start: int, end: int) -> Relocated:
    likeness = len(grams & _grams(text[start:end])) / len(grams)
    shortness = max(0.0, 1 - len(quote) / _SHORT)
    return Relocated(start, end, likeness, likeness >= FOUND_FROM + shortness * (_SHORT_FROM - FOUND_FROM))


def _grown(text: str, quote: str, grams: set[str], place: tuple[int, int]) -> Relocated:
    """The line with those around it as far as they bring more of the quote, cut to what is the quote's."""
    start, end = place
    here = len(grams & _grams(text[start:end])) / len(grams)
    reach = 2 * len(quote) + 80
    for _ in range(8):
        wider = []
        if start > 0:
            above = max(text.rfind("\n", max(0, start - reach), start - 1) + 1, start - reach, 0)
            wider.append((above, end))
        if end < len(text):
            below = text.find("\n", end + 1, end + reach)
            wider.append((start, min(len(text), below + 1 if below >= 0 else end + reach)))
        shares = [len(grams & _grams(text[a:b])) / len(grams) for a, b in wider]
        if not shares or max(shares) < here + 0.1:
            break
        here = max(shares)
        start, end = wider[shares.index(here)]
    whole = _stripped(text, start, end)
    if here >= FOUND_FROM:
        cut = _judged(text, quote, grams, *_fitted(text, quote, *_cut(text, quote, start, end)))
        if cut.is_found:
            return cut
    return Relocated(*whole, here, False)


def _cut(text: str, quote: str, start: int, end: int) -> tuple[int, int]:
    """The run of words with most of the quote's words and fewest others; another sentence must bring some."""
    left = Counter(_key(word) for word in _WORD.finditer(quote))
    best = total = 0.0
    begin = before = start
    span = (start, end)
    for word in _WORD.finditer(text, start, end):
        worth = 1.0 if len(key := _key(word)) > 3 or key.isdigit() else 0.4
        if total > 0 and _STOPS.search(text, before, word.start()):
            total -= 1.5
        if total <= 0:
            total, begin = 0.0, word.start()
        if left[key] > 0:
            left[key] -= 1
            total += worth
        else:
            total -= worth * 0.15
        before = word.end()
        if total > best:
            best, span = total, (begin, word.end())
    return span


def _fitted(text: str, quote: str, start: int, end: int) -> tuple[int, int]:
    """The span in whole words: what the quote's words answer to, and as many beside it as its ends have left over.

    An alignment trims what differs at the ends, or takes it from the sentence before; it is in the same sentence,
    or nowhere.
    """
    start, end = whole_words(text, start, end)
    old, new = list(_WORD.finditer(quote)), list(_WORD.finditer(text, start, end))
    wanted, had = {_key(word) for word in old}, {_key(word) for word in new}
    mine = [word for word in old if _key(word) in had]
    theirs = [word for word in new if _key(word) in wanted]
    if mine and theirs:
        lead, tail = quote[: mine[0].start()], quote[mine[-1].end() :]
        missing = {key for key in wanted - had if len(key) > 3 or key.isdigit()}
        # What moved to the other side is not looked for on this one.
        first, last = theirs[0].start(), theirs[-1].end()
        is_after = missing & _keys(lead) & _keys(text[last : _later(text, last, "", missing)])
        is_before = missing & _keys(tail) & _keys(text[_earlier(text, first, "", missing) : first])
        start = _earlier(text, first, "" if is_after else lead, missing)
        end = _later(text, last, "" if is_before else tail, missing)
        start, end = whole_words(text, start, end)
    return _with_marks(text, quote.strip(), *_stripped(text, start, end))


def _with_marks(text: str, quote: str, start: int, end: int) -> tuple[int, int]:
    """The span with the marks around it that the quote has there too, as its full stop."""
    lead, tail = _LEADING.match(quote), _TRAILING.search(quote)
    for _ in lead.group() if lead else "":
        if start and text[start - 1] in lead.group():  # type: ignore[union-attr]
            start -= 1
    for _ in tail.group() if tail else "":
        if end < len(text) and text[end] in tail.group():  # type: ignore[union-attr]
            end += 1
    return start, end


def _key(word: re.Match[str]) -> str:
    return word.group().lower()


def _keys(text: str) -> set[str]:
    return {_key(word) for word in _WORD.finditer(text)}


def _earlier(text: str, start: int, lead: str, missing: set[str]) -> int:
    """Where the words begin that stand before `start` in place of a quote's first ones, or are missing after it."""
    words = len(_WORD.findall(lead))
    begin = max(0, start - 30 * words - _REACH)
    before = text[begin:start]
    stops = [0, *(stop.end() for stop in _STOPS.finditer(before))]
    allowed = len(_STOPS.findall(lead))
    found = list(_WORD.finditer(before, stops[-1 - min(allowed, len(stops) - 1)]))
    moved = next((word.start() for word in found if _key(word) in missing), len(before))
    beside = found[-words:][0].start() if words and found else len(before)
    return begin + min(moved, beside)


def _later(text: str, end: int, tail: str, missing: set[str]) -> int:
    """Where the words end that stand after `end` in place of a quote's last ones, or are missing before it."""
    words = len(_WORD.findall(tail))
    after = text[end : end + 30 * words + _REACH]
    stops = [*(stop.start() + 1 for stop in _STOPS.finditer(after)), len(after)]
    allowed = len(_STOPS.findall(tail.rstrip()))
    found = list(_WORD.finditer(after, 0, stops[min(allowed, len(stops) - 1)]))
    moved = max((word.end() for word in found if _key(word) in missing), default=0)
    beside = found[:words][-1].end() if words and found else 0
    return end + max(moved, beside)


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened to the ends of the words and numbers it begins and ends in, where the script parts words."""
    first, last = max(0, start - _LONGEST_WORD), min(len(text), end + _LONGEST_WORD)
    while start > first and start < len(text) and _is_of_a_word(text[start]):
        if _is_of_a_word(text[start - 1]):
            start -= 1
        elif start > 1 and text[start - 1] in _INSIDE and _is_of_a_word(text[start - 2]):
            start -= 2
        else:
            break
    if 0 < start < len(text) and text[start].isdigit() and text[start - 1] in _BEFORE_DIGITS:
        start -= 1
    while 0 < end < last and _is_of_a_word(text[end - 1]):
        if _is_of_a_word(text[end]):
            end += 1
        elif end + 1 < len(text) and text[end] in _INSIDE and _is_of_a_word(text[end + 1]):
            end += 2
        else:
            break
    if 0 < end < len(text) and text[end - 1].isdigit() and text[end] in _AFTER_DIGITS:
        end += 1
    return start, end


def _is_of_a_word(letter: str) -> bool:
    """Whether a character belongs to the word beside it: not in Thai, Chinese and others written without blanks."""
    return letter.isalnum() and (letter < "\u0e00" or "\u10a0" <= letter < "\u1780" or "\u1e00" <= letter < "\u2c00")


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
