"""Whether two passages differ in punctuation alone (pure)."""

import unicodedata

# What may come and go within a quote without a word of it being another. A percent sign, a currency or a degree is
# none of these, and neither is a character that cannot be seen.
_PUNCTUATION = frozenset(".,;:!?…-‐‑‒–—―()[]{}\"'“”„‟‘’‚‛«»‹›`´·•¿¡")
_APOSTROPHES = frozenset("'‘’ʼ")
_SIGNS = frozenset("-.,‐‑‒–—")  # before a digit; "+", "−" and "<" are never punctuation


def is_only_punctuation(quote: str, passage: str) -> bool:
    """Whether a passage has the words of the quote, and only punctuation, quote marks or white space differ.

    A sign before a digit, a mark between two digits and an apostrophe inside a word are of the figure or the word.
    """
    old, new = (unicodedata.normalize("NFC", text.replace("\u00ad", "")) for text in (quote, passage))
    return old != new and _spoken(old) == _spoken(new)


def _spoken(text: str) -> list[str]:
    """Return the words and figures of a text without the punctuation around them."""
    kept = []
    for at, letter in enumerate(text):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if letter.isspace() or (letter in _PUNCTUATION and not _is_of_a_word(letter, before, after)):
            kept.append(" ")
        else:
            kept.append("'" if letter in _APOSTROPHES else letter)
    return "".join(kept).split()


def _is_of_a_word(letter: str, before: str, after: str) -> bool:
    if letter in _APOSTROPHES and before.isalpha() and after.isalpha():
        return True
    if before.isdigit() and after.isdigit():
        return True
    return letter in _SIGNS and after.isdigit() and not before.isalnum()
