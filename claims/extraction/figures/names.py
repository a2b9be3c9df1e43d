"""Numerals that name rather than count: "F-16", "version 2.1", telephone numbers, footnote marks."""

import re

from claims.extraction import lang_en as lang
from claims.extraction.figures.tokens import Tokens
from claims.extraction.figures.units import read_unit

_PHONE = re.compile(
    r"\+?\d+(?:[-/]\d+){2,}|(?<=\+)\d{1,3}(?:[ -]\(?\d{2,5}\)?){2,}(?:-\d+)?"
    r"|\d{3}-0\d{3}(?!\d)|(?<=\()\d{3}\) \d{3}-\d{4}"
)
_ITEM = re.compile(r"\(?\d{1,2}[.)]\s+[^\W\d]")


def past_name(tokens: Tokens, index: int) -> int:
    """Step over a token, or over a whole telephone number or score of slashes."""
    if tokens.is_number(index) and (match := _PHONE.match(tokens.text, tokens.starts[index])):
        while index < tokens.count and tokens.starts[index] < match.end():
            index += 1
        return index
    if tokens.is_number(index) and _is_famed(tokens, index):
        return index + 3
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
        if raw == '"' and tokens.is_glued(index - 1) and letter in {".", ",", "!", "?"}:
            return True
        if raw == "[" and tokens.raw[index + 1] == "]":
            return True
    if _is_item(tokens, index):
        return True
    if before in lang.WEAK_LABELS and not read_unit(tokens, index, index + 1).name:
        return True
    is_abbreviated = raw == "." and tokens.low[index - 2] in {"no", "p", "pp", "fig"}
    if before in lang.LABELS or is_abbreviated or _is_in_an_address(tokens, index):
        return True
    match = _PHONE.match(tokens.text, tokens.starts[index])
    is_dialled = tokens.raw[index + 1] in lang.HYPHENS or tokens.raw[index - 1] in lang.HYPHENS
    if is_dialled and not lang.TELEPHONE.isdisjoint(tokens.low[max(0, index - 4) : index]):
        return True
    if match or _is_famed(tokens, index):
        return True
    return _is_time_of_day(tokens, index + 1)


def _is_famed(tokens: Tokens, index: int) -> bool:
    """Tell whether "9/11", "24/7", "50-50" begins at a token."""
    return tokens.text.startswith(lang.FAMED, tokens.starts[index])


def _is_item(tokens: Tokens, index: int) -> bool:
    """Tell whether a numeral numbers an item at the start of a line: "2. The harbour", "(2) The harbour"."""
    start = tokens.starts[index]
    if start and tokens.text[start - 1] == "(":
        start -= 1
    is_first = not start or tokens.text[start - 1] == "\n"
    return is_first and bool(_ITEM.match(tokens.text, start))


def _is_time_of_day(tokens: Tokens, at: int) -> bool:
    after = tokens.low[at]
    is_dotted = after in {"a", "p"} and tokens.raw[at + 1] == "." and tokens.low[at + 2] == "m"
    return is_dotted or after in lang.CLOCK or (after == ":" and tokens.is_glued(at) and tokens.is_number(at + 1))


def _is_in_an_address(tokens: Tokens, index: int) -> bool:
    """Tell whether one to three capitalised words and a street follow: "10 Downing Street"."""
    for place in range(index + 1, index + 5):
        if not tokens.raw[place][:1].isupper():
            return False
        if tokens.low[place] in lang.STREETS:
            return place > index + 1
    return False


def is_compound_adjective(tokens: Tokens, end: int) -> bool:
    """Tell whether a number that ends before this token is half of an adjective: "three-pronged", "five-star"."""
    return tokens.raw[end] in lang.HYPHENS and tokens.is_glued(end) and tokens.low[end + 1] in lang.COMPOUND_ADJECTIVES


def is_capitalised_name(tokens: Tokens, index: int) -> bool:
    """Tell whether a capitalised number word closes a name: "Group of Seven", "World War Two"."""
    if index < 2 or not tokens.raw[index][:1].isupper():
        return False
    if tokens.low[index - 1] == lang.OF:
        return tokens.raw[index - 2][:1].isupper()
    return tokens.raw[index - 1][:1].isupper() and not read_unit(tokens, index, index + 1).name
