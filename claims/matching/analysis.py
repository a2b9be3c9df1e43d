"""From a text to the terms it is found by: stems, the words inside a hashtag, and runs of letters (pure)."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from math import log

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from sources.text import clean_text

ANALYZER = "claims"
# A pasted page is no query: what counts of it stands in its first characters.
MAX_QUERY = 10_000
MAX_TERMS = 200
_LONGEST_WORD = 40
_GRAM = 4

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.co/)\S+", re.IGNORECASE)
_TAG = re.compile(r"[#@]\w{3,40}")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])|_")
_NO_WORD = re.compile(r"\W+")
# Words that say nothing about what a claim is of. The index keeps them: BM25 weighs them by itself.
_COMMON_WORDS = """
a an the of to in on for and or is are was were be been that this it its as at by with from he she they we i you his
her their our my your not no do doe did has have had will would can could should there what who which when where how
whi if then than so but about into over out up down just more most all ani some s t re ve ll m d say said
"""
COMMON = frozenset(_COMMON_WORDS.split())


def text_analyzer(language: str = "English") -> TextAnalyzer:
    """Return the index's own way from text to terms: words, lower case, accents folded, stemmed.

    `language` is a Snowball language by its English name, as in "English" or "Arabic".
    """
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_WORD))
    return builder.filter(Filter.lowercase()).filter(Filter.ascii_fold()).filter(Filter.stemmer(language)).build()


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


@lru_cache(maxsize=8)
def shared_analyzer(language: str = "English") -> TextAnalyzer:
    """Return one analyzer a language and process."""
    return text_analyzer(language)
