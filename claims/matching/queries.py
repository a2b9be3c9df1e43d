"""What somebody typed into a search box, read: words, "phrases", -what is not to be there, field:value (pure)."""

import re
from dataclasses import dataclass, field

from sources.text import clean_text

QUERY_LIMIT = 10_000  # characters that are read
WORDS_LIMIT = 32
FIELDS_LIMIT = 16

# The names that may stand before a colon, with what else people write for them.
FIELDS = {
    "claimant": "claimant", "by": "claimant", "verdict": "verdict", "rating": "verdict", "source": "source",
    "figure": "figure", "number": "figure", "topic": "topic", "language": "language", "lang": "language",
    "citability": "citability", "workflow": "workflow",
}  # fmt: skip
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "”": "”"}
_SPACE = re.compile(r"\s+")
_FIELD = re.compile(r"(\w{2,12}):(?=\S)")


@dataclass(frozen=True)
class Phrase:
    """Words that are to stand together, or one word."""

    text: str
    is_quoted: bool = False


@dataclass(frozen=True)
class FieldValue:
    """A field and the value it is to have, or not to have."""

    name: str
    value: str
    is_excluded: bool = False


@dataclass(frozen=True)
class Query:
    """What was asked for; `is_cut` where it was longer than is read."""

    wanted: tuple[Phrase, ...] = ()
    unwanted: tuple[Phrase, ...] = ()
    fields: tuple[FieldValue, ...] = field(default=())
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.wanted or self.unwanted or self.fields)


def read_query(text: str) -> Query:
    """Read what was typed. Nothing is refused: what is no sign of the language is a word."""
    rest = _SPACE.sub(" ", clean_text(text[:QUERY_LIMIT])).strip()
    wanted: list[Phrase] = []
    unwanted: list[Phrase] = []
    fields: list[FieldValue] = []
    is_cut = len(text) > QUERY_LIMIT
    while rest:
        is_excluded = len(rest) > 1 and rest[0] in "-−" and not rest[1].isspace()
        body = rest[1:] if is_excluded else rest
        name = ""
        named = _FIELD.match(body)
        if named and named.group(1).lower() in FIELDS:
            name, body = FIELDS[named.group(1).lower()], body[named.end() :]
        phrase, rest = _next(body)
        if not phrase.text:
            continue
        if name and len(fields) < FIELDS_LIMIT:
            fields.append(FieldValue(name, phrase.text, is_excluded))
        elif not name and len(wanted) + len(unwanted) < WORDS_LIMIT:
            (unwanted if is_excluded else wanted).append(phrase)
        else:
            is_cut = True
    return Query(tuple(wanted), tuple(unwanted), tuple(fields), is_cut)


def _next(text: str) -> tuple[Phrase, str]:
    """Return the first word or quoted phrase, and the rest. A quote mark that is never closed is no mark."""
    if text[0] in _QUOTES:
        ends = [end for mark in _QUOTES[text[0]] if (end := text.find(mark, 1)) > 0]
        if ends:
            return Phrase(text[1 : min(ends)].strip(), is_quoted=True), text[min(ends) + 1 :].lstrip()
    word, _, rest = text.partition(" ")
    return Phrase(word.strip('"“”„«»')), rest
