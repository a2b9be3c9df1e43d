"""Noise: which words of a quote changed, and whether a rule may hide that (pure: no database)."""

import re
from difflib import SequenceMatcher

from claims import extraction

_WORDS = re.compile(r"\S+")
_NAME = re.compile(r"\b[^\W\d_a-z][\w’'-]*")
_NEGATION = re.compile(r"\b(?:not|no|never|none|without|cannot|nor|\w+n[’']t)\b", re.IGNORECASE)

Changes = list[tuple[str, str]]


def changed_words(quote: str, passage: str) -> Changes:
    """Return each run of words that differs, as sealed and as it reads now; either may be empty."""
    old, new = _WORDS.findall(quote), _WORDS.findall(passage)
    matched = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(" ".join(old[a:b]), " ".join(new[c:d])) for kind, a, b, c, d in matched if kind != "equal"]


def why_not_hidden(changes: Changes) -> str:
    """Return why no rule may hide these changes, or nothing.

    A figure, a name or a negation inside a quoted passage is what a verdict rests on: only a person says of each
    such change what it means.
    """
    if not changes:
        return "Nothing of the quoted words differs, so there is nothing to hide."
    for words in (words for change in changes for words in change if words):
        if any(character.isdigit() for character in words) or list(extraction.read_figures(words)):
            return f"A figure inside a quoted passage is never hidden: “{words}”."
        if _NEGATION.search(words):
            return f"A negation inside a quoted passage is never hidden: “{words}”."
        if _NAME.search(words):
            return f"A name inside a quoted passage is never hidden: “{words}”."
    return ""


def is_covered(changes: Changes, *, exact: set[tuple[str, str]], sealed: set[str]) -> bool:
    """Whether every change is one of the exact ones, or of sealed words that may read any way."""
    return bool(changes) and all(change in exact or change[0] in sealed for change in changes)
