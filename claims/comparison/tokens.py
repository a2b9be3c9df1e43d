"""A passage as tokens that can be compared one by one: figures, dates, negations, names and words (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from claims.comparison.altered import legible_form
from claims.extraction import comparing as lang
from claims.extraction import lang_en
from claims.extraction.figures import Figure, Kind, Qualifier, read_figures
from claims.extraction.figures.things import thing
from claims.extraction.words_en import MINOR_WORDS, NO_SUBJECTS, OPENERS, PREPOSITIONS_KEPT
from sources.folding import FOLDS


class TokenKind(StrEnum):
    """What a token is, in the order in which changes are told."""

    FIGURE = "figure"
    NEGATION = "negation"
    NAME = "name"
    WORD = "wording"


@dataclass(frozen=True, slots=True)
class Token:
    """A figure, negation, name or word: where it stands, how it reads, and `key`, which is equal for the same.

    `counted` is the noun a figure counts, "" where none is read; it may be left out without changing the figure.
    Days and periods (`is_calendar`) may stand anywhere in a sentence without changing it. `figure` is what was read,
    None for clock times, names made of digits, and words.
    """

    start: int
    end: int
    text: str
    kind: TokenKind
    key: str
    counted: str = ""
    is_calendar: bool = False
    figure: Figure | None = None


_WORD = re.compile(r"[^\W_]+(?:[.,:/'’\-\u2010\u2011][^\W_]+)*")
_CLOCK = re.compile(rf"(?<![\w.,:]){lang.CLOCK_TIME}(?!\w)", re.IGNORECASE)
# Digits that are no quantity: parts of names and numbers of things. Not a note's mark glued to a word, nor "[3]".
_NUMBER = re.compile(r"(?<![\w\[])(?<![^\W\d_][.,;:!?”\"’')\]])\d+(?:[.,:/\-]\d+)*(?![\w\]])")
# Of a day: not the ending of "7th", nor the little words of "the 7th of May".
_DAY_WORD = re.compile(r"\d+|(?<!\d)(?!(?:the|of)\b)[^\W\d_]+")
_CODE = re.compile(r"\b[^\W\d_]+[-\u2010\u2011/]\d+\b")
_GROUPS = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\w]|[.,]\d)")
_RELATIVE = re.compile(rf"\b({'|'.join(lang_en.RELATIVE)})\s+({'|'.join(sorted(lang.PERIOD_NOUNS))})\b", re.I)
_QUALIFIERS = frozenset(phrase for phrases in lang_en.QUALIFIERS_BEFORE.values() for phrase in phrases.split("|"))
_TYPOGRAPHY = str.maketrans({mark: plain for mark, plain in FOLDS.items() if len(plain) == 1 and mark not in "—―"})
_COMMON_WORDS = MINOR_WORDS | NO_SUBJECTS | OPENERS | PREPOSITIONS_KEPT


def read_tokens(
    text: str, start: int = 0, end: int | None = None, *, page: str = "", joined: bool = False
) -> list[Token]:
    """The tokens of text[start:end], read with what stands around it; offsets count from `start`.

    A capital after a full stop is a name's if the word stands elsewhere in `page` with one, or never without.
    `joined`: digits grouped by blanks ("1 500") are one number.
    """
    end = len(text) if end is None else end
    legible = legible_form(text).translate(_TYPOGRAPHY)
    if joined:
        legible = _GROUPS.sub(lambda m: re.sub(r"\s", ",", m.group()), legible)
    tokens: list[Token] = []
    taken = _Taken(len(text))
    for token in _figures(text, legible):
        if token.start < end and token.end > start:
            tokens.append(token)
            taken.add(token.start, token.end)
    for token in _words(text, legible, start, end, page):
        if taken.is_free(token.start, token.end):
            tokens.append(token)
    tokens.sort(key=lambda token: token.start)
    return [replace(token, start=token.start - start, end=token.end - start) for token in tokens]


def has_grouped_digits(text: str) -> bool:
    """Whether reading this text `joined` could tell anything else."""
    return _GROUPS.search(legible_form(text).translate(_TYPOGRAPHY)) is not None


class _Taken:
    """The characters that tokens stand on already; asked in a time that does not grow with how many there are."""

    def __init__(self, length: int) -> None:
        self._marks = bytearray(length)

    def add(self, start: int, end: int) -> None:
        self._marks[start:end] = b"\x01" * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        return self._marks.find(1, start, end) < 0


def _figures(text: str, legible: str) -> Iterator[Token]:
    taken = _Taken(len(text))
    for clock in _CLOCK.finditer(legible):
        if ":" in clock.group() or not clock.group().isdigit():
            taken.add(*clock.span())
            key = re.sub(r"(?<=\d)\.(?=\d)", ":", clock.group().lower())
            key = re.sub(r"[\s.]", "", key)
            yield Token(*clock.span(), text[slice(*clock.span())], TokenKind.FIGURE, f"clock {key}")
    for figure in read_figures(legible):
        if not taken.is_free(figure.start, figure.end):
            continue
        span = _with_unit(legible, figure)
        taken.add(*span)
        key, counted = _figure_key(figure)
        yield Token(*span, text[slice(*span)], TokenKind.FIGURE, key, counted, figure.is_calendar, figure)
    for pattern in (_RELATIVE, _CODE, _NUMBER):
        for match in pattern.finditer(legible):
            if not taken.is_free(*match.span()):
                continue
            taken.add(*match.span())
            key = match.group().lower()
            if pattern is _RELATIVE:
                key = f"{lang_en.RELATIVE[match.group(1).lower()]} {match.group(2).lower()}"
            is_calendar = pattern is _RELATIVE
            yield Token(*match.span(), text[slice(*match.span())], TokenKind.FIGURE, key, is_calendar=is_calendar)


def _with_unit(text: str, figure: Figure) -> tuple[int, int]:
    """The figure's span with its qualifier and its measure: a change names "about 7 miles" whole."""
    if figure.qualifier:
        begin = max(0, figure.start - 40)
        for word in list(re.finditer(r"\S+", text[begin : figure.start]))[-3:]:
            if text[begin + word.start() : figure.start].strip().lower() in _QUALIFIERS:
                figure = replace(figure, start=begin + word.start())
                break
    if figure.unit.lower() not in lang.MEASURES:
        return figure.start, figure.end
    after = text[figure.end : figure.end + len(figure.unit) + 2]
    bare = after.lstrip(" -\u00a0\u202f")
    if figure.unit and bare.startswith(figure.unit) and figure.kind == Kind.CARDINAL:
        return figure.start, figure.end + len(after) - len(bare) + len(figure.unit)
    return figure.start, figure.end


def _figure_key(figure: Figure) -> tuple[str, str]:
    """What must be the same for two figures to be the same, and the noun counted, which may go unsaid."""
    unit = figure.unit.lower().strip(" .")
    last = unit.split()[-1] if unit else ""
    singular = unit.removesuffix("s")
    measure = lang.MEASURES.get(unit) or lang.MEASURES.get(singular) or lang.MEASURES.get(last)
    if figure.kind in (Kind.MONEY, Kind.PERCENT, Kind.DURATION):
        measure = measure or singular
    qualifier = "" if figure.qualifier == Qualifier.EXACTLY else str(figure.qualifier)
    if figure.low is None and figure.high is None:
        value = " ".join(sorted(map(_day_word, _DAY_WORD.findall(figure.text.lower()))))
    else:
        value = f"{_plain(figure.low)}..{_plain(figure.high)}"
        if figure.whole is not None:
            value += f" of {_plain(figure.whole)}"
        value += f" {figure.low_inclusive:d}{figure.high_inclusive:d}"
    ordinal = "ordinal" if figure.kind == Kind.ORDINAL else ""
    key = " ".join(part for part in (qualifier, value, measure, ordinal) if part)
    return key, "" if measure or figure.is_calendar else thing(last)


def _day_word(word: str) -> str:
    """A word of a day without its year, as written anywhere: "7th" and "7", "sept" and "september"."""
    month = lang_en.MONTHS.get(word)
    return f"month{month}" if month else word


def _plain(bound: object) -> str:
    return f"{bound.normalize():f}" if hasattr(bound, "normalize") else str(bound)


def _words(text: str, legible: str, start: int, end: int, page: str) -> Iterator[Token]:
    opens = True
    at = start
    is_small: dict[str, bool] = {}  # looked for in the page once a word, however often the quote says it
    following = [*_WORD.finditer(legible, start, end)]
    for place, match in enumerate(following):
        opens = opens or (bool(re.search(r"[.!?…\n\t]", legible[at : match.start()])) and at > start)
        at = match.end()
        word, low = text[slice(*match.span())], match.group().lower()
        after = following[place + 1].group().lower() if place + 1 < len(following) else ""
        kind, key = TokenKind.WORD, low
        if _is_negation(low, after):
            kind, key = TokenKind.NEGATION, f"not {low}"
        elif low in lang_en.WEEKDAYS or low in lang_en.RELATIVE_DAYS or (low in lang_en.MONTHS and word[0].isupper()):
            kind = TokenKind.FIGURE
        elif low in lang.MULTIPLES:
            kind, key = TokenKind.FIGURE, lang.MULTIPLES[low]
        elif _is_name(match.group(), opens, page, is_small):
            kind = TokenKind.NAME
            key = low.removesuffix("'s")
        opens = False
        is_calendar = kind == TokenKind.FIGURE and low not in lang.MULTIPLES
        yield Token(*match.span(), word, kind, key, is_calendar=is_calendar)


def _is_negation(low: str, after: str) -> bool:
    if low.endswith(lang.CONTRACTED):
        return True
    if low not in lang.ALL_NEGATIONS:
        return False
    return not (low in ("no", "not") and (after[:1].isdigit() or after in lang.NOT_BEFORE))


def _is_name(word: str, opens: bool, page: str, is_small: dict[str, bool]) -> bool:
    if not word[0].isupper() or word == "I" or word.lower() in _COMMON_WORDS:
        return False
    if not opens:
        return True
    low = word.lower()
    if low not in is_small:
        is_small[low] = bool(re.search(rf"\b{re.escape(low)}\b", page))
    return not is_small[low]
