"""A word diff of a sealed quote and the passage in its place, for showing side by side (pure)."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from claims.comparison.altered import with_visible_marks

_PIECE = re.compile(r"\s+|[^\W_]+(?:[.,'’][^\W_]+)*|.", re.DOTALL)
_MAX_PIECES = 1_500


@dataclass(frozen=True)
class Piece:
    """A run of a diff: `kind` is same, gone or new. Invisible characters and look-alike letters are marked."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The two texts as one run of pieces: without the new ones it reads as `before`, without the gone as `after`.

    White space is compared as one blank; of very long passages the first 1,500 words and marks are compared.
    """
    old, new = _PIECE.findall(before)[:_MAX_PIECES], _PIECE.findall(after)[:_MAX_PIECES]
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, [_key(p) for p in old], [_key(p) for p in new], autojunk=False)
    for code, a, b, c, d in matcher.get_opcodes():
        if code == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("gone", with_visible_marks("".join(old[a:b]))))
        if d > c:
            pieces.append(Piece("new", with_visible_marks("".join(new[c:d]))))
    return pieces


def _key(piece: str) -> str:
    return " " if piece.isspace() else piece
