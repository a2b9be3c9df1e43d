"""A word diff of a sealed quote and the passage in its place, for showing side by side (pure)."""

from dataclasses import replace

from claims.comparison.altered import with_visible_marks
from sources.differences import Kind, Piece, diff_words


def quote_diff(quote: str, passage: str) -> list[Piece]:
    """What differs between a quote and the passage in its place, as pieces in reading order.

    In deleted and inserted pieces, characters that cannot be seen or look like others are named where they stand.
    """
    return [
        piece if piece.kind == Kind.SAME else replace(piece, text=with_visible_marks(piece.text))
        for piece in diff_words(quote, passage)
    ]
