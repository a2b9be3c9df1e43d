"""A text and a quote as bytes for finding only: no blanks, no case, no look-alikes (pure).

A byte a character, made by the interpreter's own tables: a megabyte in a few milliseconds, whatever its script.
"""

import codecs
import unicodedata
from collections import Counter

from sources.folding import FOLDS, INVISIBLE, LOOK_ALIKES

_SLOTS = 256  # kinds of bytes
_NO_CHARACTER = "\ufffe"  # in a decoding table: this byte stands for nothing
_OTHER = "?"  # what stands for every character that has no byte of its own
_BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
_BLANKS += "\u200a\u2028\u2029\u202f\u205f\u3000"
_COMMON_MARKS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328"
_DROPPED = dict.fromkeys(_BLANKS + "\u00ad" + INVISIBLE + _COMMON_MARKS)
_ASCII = bytes(0 if chr(i).isspace() else ord(chr(i).lower()) for i in range(128)) + bytes(128)


def _variants() -> dict[str, str]:
    """The characters that are found for a plain one, beside its capital."""
    found: dict[str, list[str]] = {}
    for letter, plain in [*FOLDS.items(), *LOOK_ALIKES.items()]:
        if len(plain) == 1:
            found.setdefault(plain.lower(), []).append(letter)
    # Superscripts, subscripts, circled and full-width forms: NFKC makes plain ones of them.
    for code in (0xB2, 0xB3, 0xB9, *range(0x2070, 0x2090), *range(0x2460, 0x2474), *range(0xFF01, 0xFF5F)):
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(plain) == 1:
            found.setdefault(plain, []).append(chr(code))
    return {plain: "".join(letters) for plain, letters in found.items()}


_VARIANTS = _variants()
_PLAIN = {letter: plain for plain, letters in _VARIANTS.items() for letter in letters}


class Squeezed:
    """A text as bytes to search in, `target`, a quote as bytes to search for, `query`, and the way back."""

    def __init__(self, text: str, quote: str) -> None:
        if text.isascii() and quote.isascii():
            self._marked = text.encode().translate(_ASCII)
            query = quote.encode().translate(_ASCII)
        else:
            quote = unicodedata.normalize("NFC", quote)
            slots, kinds = _alphabet(quote)
            table = codecs.charmap_build(slots)
            self._marked = codecs.charmap_encode(text, "replace", table)[0].translate(kinds)
            query = codecs.charmap_encode(quote, "replace", table)[0].translate(kinds)
        self.target = self._marked.translate(None, b"\x00")
        self.query = query.translate(None, b"\x00")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The text's span for a span of `target` that is not empty."""
        begin = self._origin(start)
        return begin, self._origin(end - 1) + 1

    def _origin(self, position: int) -> int:
        """Where the byte at a position of `target` stands in the text: halving, counting each part once."""
        low, high, wanted = 0, len(self._marked), position
        while high - low > 1:
            middle = (low + high) // 2
            kept = middle - low - self._marked.count(0, low, middle)
            if wanted < kept:
                high = middle
            else:
                wanted -= kept
                low = middle
        return low


def _alphabet(quote: str) -> tuple[str, bytes]:
    """A byte for each character that matters to this quote, and the kind of each byte; 0 is dropped."""
    kinds: dict[str, str] = {"\x00": "", **dict.fromkeys(_DROPPED, ""), _OTHER: _OTHER}
    letters = [letter for letter, _ in Counter(quote).most_common()]
    kinds |= {letter: "" for letter in letters if unicodedata.category(letter) == "Mn"}
    # A text may hold the quote's letters decomposed.
    kinds |= dict.fromkeys("".join(unicodedata.normalize("NFD", letter)[1:] for letter in letters), "")
    plains = {letter: _plain(letter) for letter in letters if letter not in kinds}
    for letter, plain in plains.items():
        kinds.setdefault(letter, plain)
    for plain in dict.fromkeys(plains.values()):
        for variant in (plain, plain.upper(), *_VARIANTS.get(plain, "")):
            if len(variant) == 1:
                kinds.setdefault(variant, plain)
    # The table takes the characters of the basic plane alone; others, such as emoji, are all the same.
    slots = [letter for letter in kinds if letter <= "\uffff" and letter != _NO_CHARACTER][:_SLOTS]
    numbers: dict[str, int] = {"": 0}
    for slot, letter in enumerate(slots):
        numbers.setdefault(kinds[letter], slot)
    table = bytes(numbers[kinds[letter]] for letter in slots)
    return "".join(slots).ljust(_SLOTS, _NO_CHARACTER), table.ljust(_SLOTS, b"\x00")


def _plain(letter: str) -> str:
    lower = letter.lower()
    if lower in _PLAIN:
        return _PLAIN[lower]
    if "\uac00" <= lower <= "\ud7a3":  # a Hangul syllable is no letter with marks
        return lower
    return unicodedata.normalize("NFKD", lower)[:1]
