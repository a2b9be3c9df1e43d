"""Compare a sealed quote with the passage that stands in its place now (pure: no database).

Fuzzy search finds the place and never decides: figures, negations and names are compared as tokens, and
what differs is named.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from claims import extraction
from sources.text import find_quote, nearest_passage

# Below this share of matching characters the passage is another sentence, not a rewording.
REWORDED_FROM = 0.6
_NEGATIONS = re.compile(r"\b(?:not|no|never|none|without|cannot|nor|\w+n[’']t)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![.!?…“”\"\n] )(?<!^)\b[A-Z][\w’'-]+")


@dataclass(frozen=True)
class Finding:
    """What became of a quote: a result of QuoteCheck, where it stands, what differs, and why we say so."""

    result: str
    start: int | None
    end: int | None
    passage: str
    changed: tuple[str, ...]
    reason: str


def compare_quote(*, quote: str, prefix: str, suffix: str, text: str) -> Finding:
    """Say whether `quote` still stands in `text`, and if not, what changed. Offsets are code points."""
    found = find_quote(text, quote, prefix, suffix)
    if found is not None:
        reason = "The same words." if found.how == "exact" else "The same words; only typography differs."
        if found.ambiguous:
            reason += " They stand in several places and the surroundings do not decide which."
        return Finding("intact", found.start, found.end, text[found.start : found.end], (), reason)
    near = nearest_passage(text, quote)
    if near is None or near.similarity < REWORDED_FROM:
        return Finding("missing", None, None, "", (), "Nothing like these words is in the text any more.")
    figures = _changed_figures(quote, near.text)
    if figures:
        reason = f"A figure differs: {'; '.join(figures)}."
        return Finding("figure_changed", near.start, near.end, near.text, tuple(figures), reason)
    negations = _changed(_NEGATIONS.findall(quote.lower()), _NEGATIONS.findall(near.text.lower()))
    if negations:
        reason = f"A negation differs: {'; '.join(negations)}."
        return Finding("figure_changed", near.start, near.end, near.text, tuple(negations), reason)
    names = _changed(_NAME.findall(quote), _NAME.findall(near.text))
    words = names or _changed(quote.split(), near.text.split())
    kind = "A name differs" if names else "The wording differs"
    reason = f"{kind}: {'; '.join(words[:5])}."
    return Finding("reworded", near.start, near.end, near.text, tuple(words[:20]), reason)


def _changed_figures(before: str, after: str) -> list[str]:
    return _changed(
        [_figure_token(figure) for figure in extraction.read_figures(before)],
        [_figure_token(figure) for figure in extraction.read_figures(after)],
        [figure.text for figure in extraction.read_figures(before)],
        [figure.text for figure in extraction.read_figures(after)],
    )


def _figure_token(figure) -> str:
    return f"{figure.low}|{figure.high}|{figure.whole}|{figure.unit}|{figure.qualifier}"


def _changed(
    before: list[str], after: list[str], shown_before: list[str] | None = None, shown_after: list[str] | None = None
) -> list[str]:
    """Name each run of tokens that differs, as “now for before”."""
    shown_before, shown_after = shown_before or before, shown_after or after
    changes = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        old, new = " ".join(shown_before[a:b]), " ".join(shown_after[c:d])
        if old and new:
            changes.append(f"“{new}” for “{old}”")
        else:
            changes.append(f"“{old}” is gone" if old else f"“{new}” is new")
    return changes
