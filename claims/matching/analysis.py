"""From a text to the terms it is found by: stems in its language, words inside a hashtag, runs of letters (pure)."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import log

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from sources.text import clean_text

# A pasted page is no query: what counts of it stands in its first characters.
MAX_QUERY = 10_000
MAX_TERMS = 200
_LONGEST_WORD = 40
_GRAM = 4

# Snowball's languages by the first part of their BCP 47 tag. A text in any other is found by its whole words.
STEMMERS = {
    "ar": "Arabic", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "hu": "Hungarian", "it": "Italian", "nb": "Norwegian", "nl": "Dutch", "nn": "Norwegian",
    "no": "Norwegian", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "ta": "Tamil",
    "tr": "Turkish",
}  # fmt: skip
UNSTEMMED = "none"

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.co/)\S+", re.IGNORECASE)
_TAG = re.compile(r"[#@]\w{3,40}")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])|_")
_NO_WORD = re.compile(r"\W+")
# 41,000 is one number wherever it stands; so is 41 000 with a thin or a no-break space.
_GROUPED = re.compile(r"(?<=\d)[,\u2009\u202f\u00a0](?=\d{3}(?!\d))")
# Scripts that write no blanks between words are found by each two characters that stand together.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+")
# Vowel signs and accents of scripts that are usually written without them, and Arabic's stretching stroke.
_SIGNS = re.compile(r"[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_LETTER_FORMS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
# Words that say nothing about what a claim is of. The index keeps them: BM25 weighs them by itself.
_COMMON_WORDS = """
a an the of to in on for and or is are was were be been that this it its as at by with from he she they we i you his
her their our my your not no do doe did has have had will would can could should there what who which when where how
whi if then than so but about into over out up down just more most all ani some s t re ve ll m d say said
"""
COMMON = frozenset(_COMMON_WORDS.split())


def stemmer_of(language: str) -> str:
    """Return the name of the stemmer for a BCP 47 tag, or "none"."""
    return STEMMERS.get(language.partition("-")[0].lower(), UNSTEMMED)


@lru_cache(maxsize=32)
def analyzer(stemmer: str) -> TextAnalyzer:
    """Return the one analyzer of a stemmer: words, lower case, accents folded, stemmed."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_WORD))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder if stemmer == UNSTEMMED else builder.filter(Filter.stemmer(stemmer))).build()


def stems(text: str, stemmer: str = "English") -> list[str]:
    """Return the terms of a text in their order, each as often as it stands there."""
    return analyzer(stemmer).analyze(folded(text))


def folded(text: str) -> str:
    """Return the text as it is split into words: one form of each letter, signs and grouping marks gone."""
    if text.isascii():
        return _GROUPED.sub("", text)
    text = unicodedata.normalize("NFKC", _GROUPED.sub("", text))
    text = _SIGNS.sub("", text).translate(_LETTER_FORMS)
    return _UNSPACED.sub(_pairs, text)


def _pairs(run: re.Match[str]) -> str:
    signs = run.group()
    return f" {' '.join(signs[at : at + 2] for at in range(len(signs) - 1)) or signs} "


def clean_query(text: str) -> str:
    """Return at most 10,000 characters without addresses, the words of each hashtag and handle beside it."""
    text = unicodedata.normalize("NFKC", clean_text(text[:MAX_QUERY]))
    text = _ADDRESS.sub(" ", text)
    return _TAG.sub(lambda tag: f"{tag.group()} {_HUMP.sub(' ', tag.group()[1:])}", text)


def tag_words(text: str, frequency: Callable[[str], int]) -> list[str]:
    """Return the known words that a lower-case hashtag or handle is made of, as in #tamperedwater.

    `frequency` tells in how many claims a word stands; a word of none is not known.
    """
    words: list[str] = []
    for tag in _TAG.findall(text[:MAX_QUERY])[:20]:
        words += _split(tag[1:].lower(), frequency)
    return words


def _split(word: str, frequency: Callable[[str], int]) -> list[str]:
    """The best parts of a word by their frequencies; none when it does not come apart whole into two or more."""
    ends: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(word) + 1):
        best = (float("-inf"), 0)
        for start in range(max(0, end - 14), end - 2):
            if ends[start][0] == float("-inf"):
                continue
            known = frequency(word[start:end])
            # Each further part costs as much as a word of one claim in 8,000 brings.
            if known and (score := ends[start][0] + log(known + 1) - 9) > best[0]:
                best = (score, start)
        ends.append(best)
    if ends[-1][0] == float("-inf"):
        return []
    parts, end = [], len(word)
    while end:
        start = ends[end][1]
        parts.append(word[start:end])
        end = start
    return parts[::-1] if len(parts) > 1 else []


def grams(text: str) -> frozenset[str]:
    """Return the runs of four letters of a text, blanks between words counted: what survives a misspelling."""
    line = f" {_NO_WORD.sub(' ', text.lower()).strip()} "
    return frozenset(line[at : at + _GRAM] for at in range(len(line) - _GRAM + 1))


def figure_key(value: object) -> str:
    """Return a number as it is looked for: 41000 for 41,000, 41000.0 and 41000; "" for what is no number."""
    try:
        found = Decimal(str(value).replace(",", "").rstrip("%").strip())
    except InvalidOperation:
        return ""
    if not found.is_finite() or abs(found) >= 10**18:
        return ""
    return f"{found:f}".rstrip("0").rstrip(".") if "." in f"{found:f}" else f"{found:f}"
