"""Numerals that name rather than count: "F-16", "version 2.1", telephone numbers, footnote marks."""

import re

from claims.extraction import lang_en as lang
from claims.extraction.figures.tokens import Tokens

_PHONE = re.compile(r"\+?\d+(?:[-/]\d+){2,}")


def past_name(tokens: Tokens, index: int) -> int:
    """Step over a token, or over a whole telephone number or score of slashes."""
    if tokens.is_number(index) and (match := _PHONE.match(tokens.text, tokens.starts[index])):
        while index < tokens.count and tokens.starts[index] < match.end():
            index += 1
        return index
    if tokens.is_number(index) and tokens.raw[index + 1] == "/" and tokens.is_glued(index + 1):
        return index + 3
    return index + 1


def is_name(tokens: Tokens, index: int) -> bool:
    """Tell whether a numeral is part of a name, a version, a time or a footnote mark."""
    before, raw = tokens.low[index - 1], tokens.raw[index - 1]
    if tokens.is_glued(index):
        if raw in {".", "#", "@", "_", ":", "/", "”", "’", "&", "\\"} or raw[-1:].isalnum():
            return True
        letter = tokens.raw[index - 2] if index > 1 else ""
        if raw in "-‑" and tokens.is_glued(index - 1) and letter[-1:].isalpha() and letter not in {"mid"}:
            return True
        if raw == "[" and tokens.raw[index + 1] == "]":
            return True
    if before in lang.LABELS or (raw == "." and tokens.low[index - 2] in {"no", "p", "pp", "fig"}):
        return True
    match = _PHONE.match(tokens.text, tokens.starts[index])
    slash = tokens.text[tokens.starts[index] : tokens.starts[index] + 5]
    if match or any(slash.startswith(famed) for famed in lang.FAMED):
        return True
    after = tokens.low[index + 1]
    return after in lang.CLOCK or (after == ":" and tokens.is_glued(index + 1) and tokens.is_number(index + 2))
