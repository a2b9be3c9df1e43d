"""The words, numerals and marks of a text, with their places."""

import re

from claims.extraction import lang_en as lang

# "May 5 300 boats sank" holds a day and a count.
_NO_DAY = "".join(f"(?<!{month.capitalize()} )" for month in lang.MONTHS)
# A comma between three digits groups; one before one or two digits is a decimal comma, as in "1,3".
_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?"
    r"|\d{1,2}(?:,\d{2}){1,6},\d{3}(?![\d,])(?:\.\d+)?"  # 12,50,000, as in India
    rf"|(?<![\d.,] )(?<![\d.,]){_NO_DAY}[1-9]\d{{0,2}}(?: \d{{3}}){{1,6}}(?![\d:/-]|[.,]\d| \d)"  # 150 000
    r"|\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+(?!\d)(?:[.,]\d+)?"
    r"|(?<!\d,)\d+,\d{1,2}(?![\d,])"
    r"|\d+(?:\.\d+)*"
    r"|(?<![\w.])\.\d+"
    r"|(?:[A-Z]\.){2,}"
    r"|[^\W\d_][^\W_]*(?:['’][^\W\d_]+)*"
    r"|\S"
)


class Tokens:
    """A text in tokens; past either end stands an empty token, so callers need not check."""

    __slots__ = ("count", "ends", "low", "raw", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.raw: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _TOKEN.finditer(text):
            self.raw.append(match.group())
            self.starts.append(match.start())
            self.ends.append(match.end())
        self.count = len(self.raw)
        # Eight empty tokens: negative and far indexes read as "nothing there".
        self.raw += [""] * 8
        self.starts += [len(text)] * 8
        self.ends += [len(text)] * 8
        self.low = [word.lower() for word in self.raw]

    def is_glued(self, index: int) -> bool:
        """Tell whether a token touches the one before it."""
        return 0 < index < self.count and self.starts[index] == self.ends[index - 1]

    def is_number(self, index: int) -> bool:
        """Tell whether a token is written in digits."""
        word = self.raw[index]
        return word[:1].isdigit() or (len(word) > 1 and word[0] == ".")
