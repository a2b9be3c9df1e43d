"""What differs between two texts, word by word (pure, and bounded for texts of a million characters).

Equal passages are found first (sentences, then rare words that stand once on both sides), and only what is
left between them is compared by difflib: its time alone grows with the square of the words.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PASSAGES = re.compile(r"(?<=[.!?])(?=\s)|(?<=[。！？\n])")
_WORDS = re.compile(
    rf"\s+|[{_IDEOGRAPHS}]|\d+(?:[.,:]\d+)*|[^\W\d{_IDEOGRAPHS}]+(?:['’][^\W\d{_IDEOGRAPHS}]+)*|.", re.DOTALL
)

_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+(?:[.,:'’][^\W_{_IDEOGRAPHS}]+)*")  # as people count them
_FIGURES = re.compile(r"(\d+(?:[.,:]\d+)*|[²³¹¼-¾⁰-⁹₀-₉⅐-⅞])")

_SMALL = 250_000  # pairs of words that difflib is handed at once
_PAIRS = 2_000_000  # equal pairs it may look at in one comparison; about a second
_DEPTH = 12  # rounds of looking for what stands once on both sides

AROUND = 20  # unchanged words shown on each side of a change
SHOWN = 60_000  # characters of a comparison that are shown


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"
    FOLDED = "folded"  # unchanged words left out for reading; only `fold` makes it


@dataclass(frozen=True)
class Piece:
    """A run of text of one kind, all of it a figure or none of it; `words` counts what a fold leaves out."""

    kind: Kind
    text: str
    has_figure: bool = False
    words: int = 0


@dataclass(frozen=True)
class Difference:
    """Two texts compared. Where `is_coarse`, long stretches are shown as replaced without a look at their words."""

    pieces: list[Piece]
    is_coarse: bool = False

    @property
    def is_empty(self) -> bool:
        return all(piece.kind is Kind.SAME for piece in self.pieces)


def diff_words(before: str, after: str) -> list[Piece]:
    """What differs between two texts, as pieces in reading order, deleted before inserted.

    Same and deleted pieces joined are `before`, same and inserted ones `after`. Figures are pieces of their
    own. The time is bounded: see `compare`, which also says where that cost detail.
    """
    return compare(before, after).pieces


def compare(before: str, after: str) -> Difference:
    """Compare two texts in bounded time: a few seconds for two of a million characters that differ all over."""
    if before == after:
        return Difference(_pieces([(Kind.SAME, before)]))
    alignment = _Alignment()
    edits: list[tuple[Kind, str]] = []
    for kind, old, new in alignment.blocks(_PASSAGES.split(before), _PASSAGES.split(after), is_exact=False):
        deleted, inserted = "".join(old), "".join(new)
        if kind is Kind.SAME:
            edits.append((kind, deleted))
        else:
            edits += alignment.words(deleted, inserted)
    return Difference(_pieces(_settled(edits)), alignment.is_coarse)


class _Alignment:
    """One comparison and what it may still spend."""

    def __init__(self) -> None:
        self.pairs = _PAIRS
        self.is_coarse = False

    def words(self, old: str, new: str) -> Iterable[tuple[Kind, str]]:
        """The edits that make one stretch of text out of the other."""
        for kind, left, right in self.blocks(_WORDS.findall(old), _WORDS.findall(new), is_exact=True):
            yield kind, "".join(left)
            if kind is not Kind.SAME:
                yield Kind.INSERTED, "".join(right)

    def blocks(
        self, old: Sequence[str], new: Sequence[str], *, is_exact: bool, depth: int = _DEPTH
    ) -> Iterable[tuple[Kind, Sequence[str], Sequence[str]]]:
        """Same stretches and differing ones (as deleted), in order. Inexact leaves what is not rare for later."""
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        if head:
            yield Kind.SAME, old[:head], new[:head]
        old_end, new_end = len(old) - tail, len(new) - tail
        left, right = old[head:old_end], new[head:new_end]
        if left and right:
            yield from self._middle(left, right, is_exact, depth)
        elif left or right:
            yield Kind.DELETED, left, right
        if tail:
            yield Kind.SAME, old[old_end:], new[new_end:]

    def _middle(
        self, old: Sequence[str], new: Sequence[str], is_exact: bool, depth: int
    ) -> Iterable[tuple[Kind, Sequence[str], Sequence[str]]]:
        if is_exact and len(old) * len(new) <= _SMALL and self._afford(old, new):
            for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
                yield Kind.SAME if tag == "equal" else Kind.DELETED, old[a:b], new[c:d]
            return
        anchors = _anchors(old, new) if depth else []
        if not anchors:
            self.is_coarse = self.is_coarse or is_exact
            yield Kind.DELETED, old, new
            return
        a = c = 0
        for b, d in [*anchors, (len(old), len(new))]:
            if b > a or d > c:
                yield from self.blocks(old[a:b], new[c:d], is_exact=is_exact, depth=depth - 1)
            if b < len(old):
                yield Kind.SAME, old[b : b + 1], new[d : d + 1]
            a, c = b + 1, d + 1

    def _afford(self, old: Sequence[str], new: Sequence[str]) -> bool:
        counts = Counter(new)
        pairs = sum(counts[word] for word in old)
        if pairs > self.pairs:
            return False
        self.pairs -= pairs
        return True


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items two sequences begin alike."""
    return next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of what stands once on both sides, as many as keep their order (patience diff)."""
    once_old, once_new = Counter(old), Counter(new)
    places = {item: at for at, item in enumerate(new) if once_new[item] == 1}
    both = [(at, places[item]) for at, item in enumerate(old) if once_old[item] == 1 and item in places]
    ends: list[int] = []  # the smallest last place of a rising chain of each length
    chains: list[int] = []  # which pair that is
    before: list[int] = []
    for number, (_, at) in enumerate(both):
        size = bisect_left(ends, at)
        before.append(chains[size - 1] if size else -1)
        ends[size:] = [at, *ends[size + 1 :]] if size < len(ends) else [at]
        chains[size:] = [number, *chains[size + 1 :]] if size < len(chains) else [number]
    rising, number = [], chains[-1] if chains else -1
    while number >= 0:
        rising.append(both[number])
        number = before[number]
    return rising[::-1]


def _settled(edits: list[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """Let changes parted by white space or a sign alone be one change, deleted words before inserted ones."""
    settled: list[tuple[Kind, str]] = []
    deleted: list[str] = []
    inserted: list[str] = []
    edits = [edit for edit in edits if edit[1]]
    for number, (kind, text) in enumerate(edits):
        if kind is Kind.DELETED:
            deleted.append(text)
        elif kind is Kind.INSERTED:
            inserted.append(text)
        elif (deleted or inserted) and number + 1 < len(edits) and not _WORD.search(text):
            deleted.append(text)
            inserted.append(text)
        else:
            settled += [(Kind.DELETED, "".join(deleted)), (Kind.INSERTED, "".join(inserted)), (kind, text)]
            deleted, inserted = [], []
    return [*settled, (Kind.DELETED, "".join(deleted)), (Kind.INSERTED, "".join(inserted))]


def _pieces(edits: Iterable[tuple[Kind, str]]) -> list[Piece]:
    """Texts cut at their figures, neighbours of one kind joined before."""
    cut = []
    for kind, run in groupby((edit for edit in edits if edit[1]), key=lambda edit: edit[0]):
        texts = _FIGURES.split("".join(text for _, text in run))  # every other one is a figure
        cut += [Piece(kind, text, bool(number % 2)) for number, text in enumerate(texts) if text]
    return cut


def fold(pieces: list[Piece], *, around: int = AROUND, shown: int = SHOWN) -> tuple[list[Piece], bool]:
    """The pieces with long unchanged stretches left out, and whether the end was cut off after `shown` characters.

    A fold says in `words` how many words it stands for. `around` words stay on each side of a change.
    """
    stretches = [(kind, list(run)) for kind, run in groupby(pieces, key=lambda piece: piece.kind is Kind.SAME)]
    folded: list[Piece] = []
    for number, (is_same, run) in enumerate(stretches):
        if not is_same:
            folded += run
            continue
        text = "".join(piece.text for piece in run)
        starts = [match.start() for match in _WORD.finditer(text)]
        head = 0 if number == 0 else around
        tail = 0 if number == len(stretches) - 1 else around
        hidden = len(starts) - head - tail
        if hidden <= around // 2:
            folded += run
            continue
        first, last = starts[head] if head else 0, starts[-tail] if tail else len(text)
        folded += _pieces([(Kind.SAME, text[:first])])
        folded.append(Piece(Kind.FOLDED, text[first:last], words=hidden))
        folded += _pieces([(Kind.SAME, text[last:])])
    return _cut(folded, shown)


def _cut(pieces: list[Piece], shown: int) -> tuple[list[Piece], bool]:
    kept: list[Piece] = []
    size = 0
    for piece in pieces:
        length = 0 if piece.kind is Kind.FOLDED else len(piece.text)
        if size + length > shown:
            return [*kept, Piece(piece.kind, piece.text[: shown - size], piece.has_figure)], True
        kept.append(piece)
        size += length
    return kept, False
