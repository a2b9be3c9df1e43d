"""The words of a text as they are looked for: compatible forms folded, lower case, no marks between them (pure)."""

import re
import unicodedata
from typing import Any

_WORD = re.compile(r"\w+")
# Of a text as long as an article its most telling words are looked for: its figures, and then the longest.
_TELLING = 48
_LONGEST_TEXT = 10_000


def words_of(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def document_words(document: dict[str, Any]) -> str:
    """Return what a published claim is found by, each word between blanks; nothing for a withdrawn one."""
    if "verdict" not in document:
        return ""
    names = [claimant["name"] for claimant in document["claimants"]]
    told = " ".join([document["text"], document["context"], document["verdict"]["finding"], *names])
    return f" {' '.join(words_of(told))} "


def telling_words(text: str) -> list[str]:
    """Return at most 48 different words that tell a text from others."""
    words = list(dict.fromkeys(words_of(text[:_LONGEST_TEXT])))
    telling = [word for word in words if len(word) > 2 or word.isdigit()] or words
    return sorted(telling, key=lambda word: (not word.isdigit(), -len(word)))[:_TELLING]
