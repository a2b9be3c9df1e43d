"""Compare a sealed quote with the passage that stands in its place now (pure: no database).

Fuzzy search finds the place and never decides: figures, negations and names are compared as tokens, and
what differs is named.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from claims.comparison.altered import altered_words, how_altered, plain_form, with_visible_marks
from claims.comparison.changes import Change, find_changes
from claims.comparison.diff import quote_diff
from claims.comparison.punctuation import is_only_punctuation
from claims.comparison.rows import Row, find_row
from claims.comparison.tokens import Token, TokenKind, has_grouped_digits, read_tokens
from claims.extraction import read_figures
from sources.passages import Relocated, relocate, whole_words
from sources.quotes import QuoteSearch

__all__ = ["Change", "Finding", "compare_quote", "is_only_punctuation", "quote_diff"]

_AROUND = 60  # characters in which a figure at the edge of a quote is read with its unit
_SHOWN = 5  # changes in a reason
_READ_ONCE = 1_500  # characters of a quote
_MAX_CHANGES = 20
_NAMED = {
    TokenKind.FIGURE: "A figure differs",
    TokenKind.NEGATION: "A negation differs",
    TokenKind.NAME: "A name differs",
}
_DECIDING = (TokenKind.FIGURE, TokenKind.NEGATION)
_EDGE = re.compile(r"[^\W_]+(?:[.,:][^\W_]+)*")


@dataclass(frozen=True)
class Finding:
    """What became of a quote: a result of QuoteCheck, where it stands, what differs, and why we say so.

    `changes` are the differences as pairs, the gravest first, and `changed` the same in words. `nearest` is, for
    a missing quote, where the passage most like it stands: to be shown, not what became of it. `is_only_punctuation`:
    letter for letter the same words and figures, so that nobody need be alarmed.
    """

    result: str
    start: int | None
    end: int | None
    passage: str
    changed: tuple[str, ...]
    reason: str
    changes: tuple[Change, ...] = ()
    is_altered_form: bool = False
    nearest: tuple[int, int] | None = None
    is_only_punctuation: bool = False


def compare_quote(*, quote: str, prefix: str, suffix: str, text: str) -> Finding:
    """Say whether `quote` still stands in `text`, and if not, what changed. Offsets are code points."""
    search = QuoteSearch(text, quote)
    found = search.find(prefix, suffix)
    if found is not None:
        whole = whole_words(text, found.start, found.end)
        if whole == (found.start, found.end) or _was_cut_so(whole, found.start, found.end, text, prefix, suffix):
            edge = _changed_at_the_edge(quote, prefix, suffix, text, found.start, found.end)
            if edge is not None:
                return edge
            reason = "The same words." if found.how == "exact" else "The same words; only typography differs."
            if found.ambiguous:
                reason += " They stand in several places and the surroundings do not decide which."
            return Finding("intact", found.start, found.end, text[found.start : found.end], (), reason)
        return _compared(quote, prefix, suffix, text, Relocated(*whole, 1.0, True))
    place = relocate(search, prefix, suffix)
    if place is None or not place.is_found:
        if row := find_row(quote, text):
            return _as_row(row, text)
        nearest = None if place is None else (place.start, place.end)
        reason = "Nothing like these words is in the text any more."
        return Finding("missing", None, None, "", (), reason, nearest=nearest)
    return _compared(quote, prefix, suffix, text, place)


def _compared(quote: str, prefix: str, suffix: str, text: str, place: Relocated) -> Finding:
    place = _with_whole_figure(quote, text, place)
    passage = text[place.start : place.end]
    if plain_form(passage).strip(" ") == plain_form(quote).strip(" "):
        return _altered(quote, place, passage)
    changes = _differences(quote, prefix, suffix, text, place)
    changes += [Change("altered", a, with_visible_marks(b)) for a, b in altered_words(quote, passage)]
    deciding = [change for change in changes if change.kind in _DECIDING]
    result = "figure_changed" if deciding else "reworded"
    said = tuple(str(change) for change in changes[:_MAX_CHANGES])
    is_marks = not deciding and is_only_punctuation(quote, passage)
    reason = "Only punctuation differs." if is_marks else _reason(quote, passage, changes)
    return Finding(result, place.start, place.end, passage, said, reason, tuple(changes), is_only_punctuation=is_marks)


def _with_whole_figure(quote: str, text: str, place: Relocated) -> Relocated:
    """Take the rest of a figure's unit into the passage: "61 percentage" of "61 percentage points"."""
    if not quote.rstrip()[-1:].isalpha():
        return place
    begin = max(place.start, place.end - _AROUND)
    for figure in read_figures(text[begin : place.end + _AROUND]):
        if begin + figure.start < place.end < begin + figure.end:
            return replace(place, end=begin + figure.end)
    return place


def _as_row(row: Row, text: str) -> Finding:
    said = tuple(map(str, row.changes[:_MAX_CHANGES]))
    reason = "The same names and figures, now in a row of a table."
    if said:
        reason = f"A figure differs in the row of a table that has these names: {'; '.join(said[:_SHOWN])}."
    result = "figure_changed" if said else "reworded"
    return Finding(result, row.start, row.end, text[row.start : row.end], said, reason, row.changes)


def _altered(quote: str, place: Relocated, passage: str) -> Finding:
    pairs = altered_words(quote, passage) or [(quote, passage)]
    changes = tuple(Change("altered", with_visible_marks(a), with_visible_marks(b)) for a, b in pairs)
    kinds = " and ".join(how_altered(quote, passage)) or "other characters"
    shown = "; ".join(str(change) for change in changes[:_SHOWN])
    reason = f"The same to the eye in an altered form, by {kinds}: {shown}."
    said = tuple(str(change) for change in changes[:_MAX_CHANGES])
    return Finding("reworded", place.start, place.end, passage, said, reason, changes, is_altered_form=True)


def _differences(quote: str, prefix: str, suffix: str, text: str, place: Relocated) -> list[Change]:
    """The changes between quote and passage, read with as much around the passage as is known of the quote's.

    Where a reading finds a figure changed and another finds none, it is the reading that was wrong: "1 500" may be
    one figure or two, and "28" at the end of a quote may go on as "28 million" in both.
    """
    before, after = prefix[-_AROUND:], suffix[:_AROUND]
    whole, inside = before + quote + after, len(before)
    begin, finish = max(0, place.start - _AROUND), place.end + _AROUND
    known = (begin if before else place.start, finish if after else place.end)
    best: list[Change] | None = None
    fewest = 0
    readings = (
        (known, False, False),
        ((begin, finish), False, False),
        (known, False, True),
        (known, True, False),
        (known, True, True),
    )
    has_groups = has_grouped_digits(whole), has_grouped_digits(text[begin:finish])

    @cache  # most readings share a side with another, and each costs a tenth of a millisecond a word
    def sealed(joined: bool) -> list[Token]:
        return read_tokens(whole, inside, inside + len(quote), page=text, joined=joined)

    @cache
    def present(span: tuple[int, int], joined: bool) -> list[Token]:
        first, last = span
        return read_tokens(text[first:last], place.start - first, place.end - first, page=text, joined=joined)

    # Each reading of a long quote costs a tenth of a second, and one full of figures has no reading that is right.
    tried = set()
    for span, joined_before, joined_after in readings[: 2 if len(quote) > _READ_ONCE else None]:
        reading = (span, joined_before and has_groups[0], joined_after and has_groups[1])
        if reading in tried:
            continue
        tried.add(reading)
        found = find_changes(sealed(reading[1]), present(span, reading[2]))
        figures = sum(change.kind == TokenKind.FIGURE for change in found)
        if best is None or figures < fewest:
            best, fewest = found, figures
        if not fewest:
            break
    return best or []


def _changed_at_the_edge(quote: str, prefix: str, suffix: str, text: str, start: int, end: int) -> Finding | None:
    """What a figure at the quote's end became by the words after it: "28" was of "28 seats", now of "28 million"."""
    head, tail = _EDGE.match(quote.lstrip()), quote.rstrip()[-1:]
    if not (suffix or prefix) or not ((tail.isdigit() and suffix) or (head and head.group()[:1].isdigit() and prefix)):
        return None
    if text[end : end + _AROUND] == suffix[:_AROUND] and text[max(0, start - _AROUND) : start] == prefix[-_AROUND:]:
        return None
    place = Relocated(start, end, 1.0, True)
    changes = [c for c in _differences(quote, prefix, suffix, text, place) if c.kind == TokenKind.FIGURE]
    if not changes:
        return None
    reason = f"A figure differs by the words beside it: {'; '.join(map(str, changes[:_SHOWN]))}."
    said = tuple(map(str, changes[:_MAX_CHANGES]))
    return Finding("figure_changed", start, end, text[start:end], said, reason, tuple(changes))


def _was_cut_so(whole: tuple[int, int], start: int, end: int, text: str, prefix: str, suffix: str) -> bool:
    """Whether the quote began and ended inside a word from the first, as its own surroundings show."""
    return prefix.endswith(text[whole[0] : start]) and suffix.startswith(text[end : whole[1]])


def _reason(quote: str, passage: str, changes: list[Change]) -> str:
    for kind, words in _NAMED.items():
        named = [str(change) for change in changes if change.kind == kind]
        if named:
            return f"{words}: {'; '.join(named[:_SHOWN])}."
    if not changes:
        if plain_form(quote).casefold() == plain_form(passage).casefold():
            return "The same words; only capital letters differ."
        return "The same words and figures, set otherwise."
    return f"The wording differs: {'; '.join(str(change) for change in changes[:_SHOWN])}."
