"""Forms of a text in which two quotations are the same, and the way back to its own places (pure)."""

import re
import unicodedata
from bisect import bisect_right

# The same to a reader (and nothing else is): quote marks, dashes and Latin ligatures.
FOLDS = {
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
# Characters a reader cannot see: zero width, bidirectional controls, fillers, variation selectors.
INVISIBLE = (
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c"
    "\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\u3164"
    "\ufe00\ufe01\ufe0e\ufe0f\ufeff\uffa0"
)
# Letters of other scripts that look like Latin ones (of Unicode's confusables, those in use for it).
LOOK_ALIKES = {
    **dict(zip("асԁеһіјкорԛѕԝхуѵ", "acdehijkopqswxyv", strict=True)),
    **dict(zip("АВСЕНІЈКМОРЅТХУ", "ABCEHIJKMOPSTXY", strict=True)),
    **dict(zip("αικνορυχɡıɑ", "aikvopuxgia", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
}
MOST_MARKS = 1_000  # in a row that a text of ours may have
_MOST_COMPOSED = 64  # marks on a letter; composing takes the square of their number, and Unicode's own limit is 30
_SPECIAL = re.compile(rf" [\s\u00ad]+|[^\S ][\s\u00ad]*|[{re.escape(''.join(FOLDS))}]")
_NOT_ASCII = re.compile(r".?[^\x00-\x7f]+", re.DOTALL)


class Folded:
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


def has_endless_marks(text: str) -> bool:
    """Whether a letter carries more marks than any person writes: composing it could take minutes."""
    if text.isascii():
        return False
    step = MOST_MARKS // 2  # so that two of the characters looked at stand in a run that is too long
    for at in range(0, len(text), step):
        if unicodedata.combining(text[at]):
            first = last = at
            while first > 0 and at - first < MOST_MARKS and unicodedata.combining(text[first - 1]):
                first -= 1
            while last + 1 < len(text) and last - first < MOST_MARKS and unicodedata.combining(text[last + 1]):
                last += 1
            if last - first >= MOST_MARKS:
                return True
    return False


def normalise(text: str) -> str:
    """The form in which two quotations are the same: NFC, blanks collapsed, typography folded."""
    return fold(text).text.strip(" ")


def fold(text: str) -> Folded:
    """NFC, blanks collapsed to one, soft hyphens dropped, quote marks, dashes and ligatures folded."""
    folded = Folded()
    at = 0
    if not unicodedata.is_normalized("NFC", text):
        for match in _NOT_ASCII.finditer(text):
            if unicodedata.is_normalized("NFC", match.group()):
                continue
            _fold_typography(folded, text[at : match.start()], at)
            for start, end in _clusters(match.group(), match.start()):
                whole = text[start:end]
                composed = unicodedata.normalize("NFC", whole) if end - start <= _MOST_COMPOSED else whole
                if composed == text[start:end]:
                    _fold_typography(folded, composed, start)
                else:
                    folded.add(composed, start, end - start)
            at = match.end()
    _fold_typography(folded, text[at:], at)
    return folded


def _fold_typography(folded: Folded, text: str, offset: int) -> None:
    at = 0
    for match in _SPECIAL.finditer(text):
        found = match.group()
        folded.add(text[at : match.start()], offset + at, match.start() - at)
        at = match.end()
        plain = FOLDS.get(found, " ")
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
