"""Where a quote stands in a text: exact, the same but for typography, or the passage nearest to it (pure)."""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

import edlib

MAX_TEXT = 1_000_000  # characters searched for a near passage
MAX_QUOTE = 2_000  # characters
MAX_PLACES = 1_000  # equal places weighed against each other
_CONTEXT = 200  # characters of context that count

# The same to a reader (and nothing else is): quote marks, dashes and Latin ligatures.
_FOLDS = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2039\u203a\u05f3", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u05f4", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
    "\u00ad": "",
}
_SPECIAL = re.compile(rf" [\s\u00ad]+|[^\S ][\s\u00ad]*|[{re.escape(''.join(_FOLDS))}]")
_NOT_ASCII = re.compile(r".?[^\x00-\x7f]+", re.DOTALL)
_WORD = re.compile(r"\S+")


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


class _Folded:
    """A text in another form, with the way back: runs that are the same length on both sides, or atoms."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        # Starting points of runs in the folded text, in the original, and the original's length if an atom.
        self.starts: list[int] = []
        self.origins: list[int] = []
        self.atoms: list[int] = []

    def add(self, folded: str, origin: int, length: int) -> None:
        """Add a piece; with equal lengths it maps one to one, else it is whole or not at all."""
        if not folded:
            return
        self.starts.append(self.length)
        self.origins.append(origin)
        self.atoms.append(0 if len(folded) == length else length)
        self.parts.append(folded)
        self.length += len(folded)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span for a span that is not empty."""
        return self._origin(start)[0], self._origin(end - 1)[1]

    def _origin(self, position: int) -> tuple[int, int]:
        run = bisect_right(self.starts, position) - 1
        if self.atoms[run]:
            return self.origins[run], self.origins[run] + self.atoms[run]
        at = self.origins[run] + position - self.starts[run]
        return at, at + 1


def normalise(text: str) -> str:
    """The form in which two quotations are the same: NFC, blanks collapsed, typography folded."""
    return _fold(text).text.strip(" ")


def find_quote(text: str, quote: str, prefix: str = "", suffix: str = "") -> Found | None:
    """Where the quote stands, exactly or else but for typography; None if it does not.

    Of several places the one that fits prefix and suffix best is given, and `ambiguous` if none fits better.
    """
    if not quote.strip():
        return None
    places = _places(text, quote)
    if places:
        at, ambiguous = _best(text, places, len(quote), prefix, suffix)
        return Found(at, at + len(quote), "exact", ambiguous)
    wanted = normalise(quote)
    if not wanted:
        return None
    folded = _fold(text)
    haystack = folded.text
    places = _places(haystack, wanted)
    if not places:
        return None
    at, ambiguous = _best(haystack, places, len(wanted), _fold(prefix).text, _fold(suffix).text)
    start, end = folded.span(at, at + len(wanted))
    return Found(start, end, "normalised", ambiguous)


def nearest_passage(text: str, quote: str) -> Passage | None:
    """The passage at the least edit distance from the quote, for showing side by side; never a verification.

    Looks at the first 1,000,000 characters for the first 2,000 of the quote. None when under half is alike.
    """
    folded = _fold_widely(text[:MAX_TEXT])
    target, query = folded.text, _fold_widely(quote[:MAX_QUOTE]).text
    if not target or not query:
        return None
    at = target.find(query)
    if at >= 0:
        start, end, distance = at, at + len(query), 0
    else:
        target, query = _reduced(target, query)
        # The distance and its end first, then the start by running backwards from there: asking for both at
        # once takes the square of the length on repetitive text.
        ahead = edlib.align(query, target, mode="HW", task="distance", k=len(query) // 2)
        distance = ahead["editDistance"]
        if distance < 0 or not ahead["locations"]:
            return None
        end = ahead["locations"][0][1] + 1
        window = target[max(0, end - len(query) - distance) : end]
        back = edlib.align(query[::-1], window[::-1], mode="SHW", task="distance")
        start = end - back["locations"][-1][1] - 1
        if start >= end:
            return None
    begin, finish = folded.span(start, end)
    return Passage(begin, finish, text[begin:finish], max(0.0, 1 - distance / len(query)))


def quote_context(text: str, start: int, end: int, size: int = _CONTEXT) -> tuple[str, str]:
    """The text before and after a span, at most `size` characters each."""
    return text[max(0, start - size) : start], text[end : end + size]


def text_fragment(quote: str, prefix: str = "", suffix: str = "") -> str:
    """The `#:~:text=` that makes a browser scroll to a quote (WICG, Text Fragments); "" for a blank quote.

    Long quotes and those over several blocks are given by first and last words, short ones with context.
    Browsers match whole words, so a quote that begins or ends inside one is widened by its context.
    """
    lead = re.search(r"\w+\Z", prefix) if quote[:1].isalnum() else None
    tail = re.match(r"\w+", suffix) if quote[-1:].isalnum() else None
    if lead:
        quote, prefix = lead.group() + quote, prefix[: lead.start()]
    if tail:
        quote, suffix = quote + tail.group(), suffix[tail.end() :]
    lines = [line for line in re.split(r"[\n\t]+", quote) if line.strip()]
    if not lines:
        return ""
    words = quote.split()
    if len(lines) > 1 or (len(quote) > 300 and len(words) >= 8):
        first, last = lines[0].split()[:6], lines[-1].split()[-6:]
        middle = f"{_encode(' '.join(first))},{_encode(' '.join(last))}"
    else:
        middle = _encode(" ".join(words))
    before = after = ""
    if len(quote) < 20:
        before = " ".join(re.split(r"[\n\t]", prefix)[-1].split()[-4:])
        after = " ".join(re.split(r"[\n\t]", suffix)[0].split()[:4])
    return "#:~:text=" + (f"{_encode(before)}-," if before else "") + middle + (f",-{_encode(after)}" if after else "")


def _encode(part: str) -> str:
    return percent_encode(part, safe="").replace("-", "%2D")


def _places(text: str, wanted: str) -> list[int]:
    places: list[int] = []
    at = text.find(wanted)
    while at >= 0 and len(places) < MAX_PLACES:
        places.append(at)
        at = text.find(wanted, at + 1)
    return places


def _best(text: str, places: list[int], length: int, prefix: str, suffix: str) -> tuple[int, bool]:
    """The place that fits its context best, the first of equals, and whether there are equals."""
    if len(places) == 1:
        return places[0], False
    prefix, suffix = prefix[-_CONTEXT:], suffix[:_CONTEXT]
    scores = [
        _common(text[max(0, at - len(prefix)) : at][::-1], prefix[::-1])
        + _common(text[at + length : at + length + len(suffix)], suffix)
        for at in places
    ]
    best = max(scores)
    return places[scores.index(best)], scores.count(best) > 1


def _common(one: str, other: str) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _fold(text: str) -> _Folded:
    """NFC, blanks collapsed to one, soft hyphens dropped, quote marks, dashes and ligatures folded."""
    folded = _Folded()
    at = 0
    if not unicodedata.is_normalized("NFC", text):
        for match in _NOT_ASCII.finditer(text):
            if unicodedata.is_normalized("NFC", match.group()):
                continue
            _fold_typography(folded, text[at : match.start()], at)
            for start, end in _clusters(match.group(), match.start()):
                composed = unicodedata.normalize("NFC", text[start:end])
                if composed == text[start:end]:
                    _fold_typography(folded, composed, start)
                else:
                    folded.add(composed, start, end - start)
            at = match.end()
    _fold_typography(folded, text[at:], at)
    return folded


def _fold_typography(folded: _Folded, text: str, offset: int) -> None:
    at = 0
    for match in _SPECIAL.finditer(text):
        found = match.group()
        folded.add(text[at : match.start()], offset + at, match.start() - at)
        at = match.end()
        plain = _FOLDS.get(found, " ")
        if plain == " " and folded.parts and folded.parts[-1].endswith(" "):
            continue  # blanks on both sides of a seam
        folded.add(plain, offset + match.start(), len(found))
    folded.add(text[at:], offset + at, len(text) - at)


def _clusters(text: str, offset: int) -> list[tuple[int, int]]:
    """Spans that compose on their own: a starter with the marks and jamo that follow it."""
    spans, begin = [], 0
    for at in range(1, len(text)):
        character = text[at]
        # U+1100 to U+11FF is Hangul Jamo. Other second halves of compositions are marks, category M.
        if unicodedata.category(character)[0] != "M" and not "\u1161" <= character <= "\u11c2":
            spans.append((offset + begin, offset + at))
            begin = at
    spans.append((offset + begin, offset + len(text)))
    return spans


class _Squeezed:
    """An ASCII text without its white space, lower case. The way back is walked only if it is asked for."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.text = "".join(original.lower().split())

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span for a span that is not empty."""
        begin = passed = 0
        for word in _WORD.finditer(self.original):
            length = len(word.group())
            if passed <= start < passed + length:
                begin = word.start() + start - passed
            if end <= passed + length:
                return begin, word.start() + end - passed
            passed += length
        raise IndexError(end)


def _fold_widely(text: str) -> _Folded | _Squeezed:
    """For finding only: NFKC, folded, case folded, all white space dropped."""
    if text.isascii():
        return _Squeezed(text)
    folded = _Folded()
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii():
            folded.add(word.lower(), match.start(), len(word))
            continue
        wide = _widely(word)
        if len(wide) == len(word) and all(map(str.isalnum, word)):
            folded.add(wide, match.start(), len(word))
            continue
        for start, end in _clusters(word, 0):
            folded.add(_widely(word[start:end]), match.start() + start, end - start)
    return folded


_FOLD_TABLE = str.maketrans(_FOLDS)


def _widely(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word.translate(_FOLD_TABLE)).casefold().split())


def _reduced(target: str, query: str) -> tuple[str, str]:
    """Both with at most 251 kinds of characters, all edlib takes: what the quote lacks becomes one symbol."""
    kept = {character for character, _ in Counter(query).most_common(250)}
    table = {ord(character): "\x00" for character in (set(target) | set(query)) - kept}
    return target.translate(table), query.translate(table)
