"""Altered forms: the same words to a glance, other characters to a search (R14; CVE-2021-42574). Pure."""

import re
import unicodedata

from sources.folding import INVISIBLE, LOOK_ALIKES, normalise

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_LETTERS = re.compile(r"[^\W\d_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"\S+")


def plain_form(text: str) -> str:
    """The text as it looks: nothing invisible, no look-alike letters, compatibility forms plain, typography folded.

    For comparing only: it makes one of "10²" and "102".
    """
    if text.isascii():
        return normalise(text)
    bare = without_look_alikes(_INVISIBLE.sub("", text))
    return normalise(unicodedata.normalize("NFKC", bare))


def legible_form(text: str) -> str:
    """The text at its own length, with what cannot be seen or misleads made plain; superscripts stay themselves.

    For reading figures and names out of it: offsets hold, and invisible characters are word joiners.
    """
    if text.isascii():
        return text
    return without_look_alikes(text)


def without_look_alikes(text: str) -> str:
    """Latin letters in place of those of other scripts, in words that mix scripts or stand in a Latin text."""
    if text.isascii() or not any(letter in LOOK_ALIKES for letter in text):
        return text
    is_latin = sum(c.isascii() and c.isalpha() for c in text) * 2 > sum(map(str.isalpha, text))

    def plain(match: re.Match[str]) -> str:
        word = match.group()
        latin = [_is_latin(letter) for letter in word]
        if not (any(latin) or (is_latin and all(letter in LOOK_ALIKES for letter in word))):
            return word
        return "".join(LOOK_ALIKES.get(letter, letter) for letter in word)

    return _LETTERS.sub(plain, text)


def altered_words(before: str, after: str) -> list[tuple[str, str]]:
    """The words of two passages that look the same and are not, in pairs, as they stand."""
    if before.isascii() and after.isascii():
        return []
    old = [(word, plain_form(word)) for word in _WORD.findall(before)]
    new = [(word, plain_form(word)) for word in _WORD.findall(after)]
    pairs = []
    waiting = {normalise(word) for word, _ in old}
    forms: dict[str, list[str]] = {}
    for word, form in old:
        forms.setdefault(form, []).append(word)
    for word, form in new:
        if form in forms and normalise(word) not in waiting:
            pairs.append((forms[form][0], word))
    return pairs


def how_altered(before: str, after: str) -> list[str]:
    """Say in words what kinds of alteration make two passages of the same look differ."""
    kinds = []
    for text in (after, before):
        unseen = sorted({f"U+{ord(c):04X}" for c in _INVISIBLE.findall(text)})
        if unseen:
            kinds.append(f"invisible characters ({', '.join(unseen[:4])})")
        if without_look_alikes(text) != text:
            kinds.append("letters of another script that look alike")
        if any(unicodedata.normalize("NFKC", c) != unicodedata.normalize("NFC", c) for c in _NOT_ASCII.findall(text)):
            kinds.append("full-width, raised or other compatibility forms")
        if kinds:
            break
    return kinds


def with_visible_marks(text: str) -> str:
    """The text with its invisible characters and look-alike letters named in place: "se⟨U+200B⟩ats"."""
    if text.isascii():
        return text
    plain = without_look_alikes(text)
    return "".join(
        f"⟨U+{ord(c):04X}⟩" if c in INVISIBLE else f"{c}⟨U+{ord(c):04X}⟩" if c != p else c
        for c, p in zip(text, plain, strict=True)
    )


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
