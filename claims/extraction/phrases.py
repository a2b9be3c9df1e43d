"""The words and marks of one sentence, as the reading of its speaker needs them."""

import re
from collections.abc import Sequence

from claims.extraction import words_en as lang

# No sentence needs more to name its speaker; lists and hostile text do.
MAX_WORDS = 400
QUOTE = "\x00"
_TOKEN = re.compile(
    r"\([^()\s]{1,20}\)|(?:[A-Z]\.){2,}|[A-Z][a-z]{0,4}\.(?=\s[A-Z])|\d[\d.,]*\d"
    r"|\w+(?:[-.'’&]\w+)*(?:(?<=s)[’'](?=\s\w))?|[^\w\s]"
)
PRONOUNS = frozenset({*lang.PRONOUNS_ONE, lang.PRONOUN_THING, lang.PRONOUN_MANY})


class Line:
    """The words and marks of a sentence; a quotation is one mark."""

    def __init__(self, text: str, quoted: Sequence[tuple[int, int]], limit: int = MAX_WORDS) -> None:
        self.text = text
        self.raw: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        place = 0
        for start, end in (*quoted, (len(text), len(text))):
            for match in _TOKEN.finditer(text, place, max(place, start)):
                if match.group()[0] != "(" or len(match.group()) == 1:  # "the ministry (MoH)" reads on
                    self._add(match.group(), match.start(), match.end())
                if len(self.raw) >= limit:
                    break
            if end > start:
                self._add(QUOTE, start, end)
            place = max(place, end)
            if len(self.raw) >= limit:
                break
        self.count = len(self.raw)
        self.raw += [""] * 4
        self.starts += [len(text)] * 4
        self.ends += [len(text)] * 4
        self.low = [word.lower() for word in self.raw]

    def _add(self, word: str, start: int, end: int) -> None:
        self.raw.append(word)
        self.starts.append(start)
        self.ends.append(end)


def is_name_word(line: Line, place: int) -> bool:
    """Tell whether a word can stand in the name of a person or body."""
    low = line.low[place]
    return (
        line.raw[place][:1].isupper()
        or low in lang.GROUP_NOUNS
        or low in lang.ROLE_NOUNS
        or low in lang.DETERMINERS
        or low in lang.DOCUMENTS
        or low in PRONOUNS
    )
