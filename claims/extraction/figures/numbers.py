"""Numbers in digits and words, read from one place in a token list."""

import unicodedata
from decimal import Decimal

from claims.extraction import lang_en as lang
from claims.extraction.figures.cardinals import read_cardinal, read_couple, read_vague, word_run
from claims.extraction.figures.numerals import Number, number_at, read_numeral
from claims.extraction.figures.shares import read_ordinal, read_share
from claims.extraction.figures.tokens import Tokens


def read_number(tokens: Tokens, index: int) -> Number | None:
    """Read the number that begins at a token, or None; it looks neither at units nor at qualifiers."""
    if tokens.is_number(index):
        return read_numeral(tokens, index)
    word = tokens.low[index]
    if word == lang.NONE:
        return number_at(tokens, index, index + 1, Decimal(0)) if tokens.low[index + 1] == lang.OF else None
    if word in lang.MINUS or (word in "-−" and tokens.is_glued(index + 1) and not _is_joined(tokens, index)):
        is_margin = tokens.low[index - 2 : index] == ["plus", "or"]  # "plus or minus 3 points"
        number = read_number(tokens, index + 1) if tokens.low[index + 1] not in "-−" and not is_margin else None
        if number and (word in lang.MINUS or number.in_digits):
            return number._replace(value=-number.value, begin=index, start_at=tokens.starts[index])
        return None
    if len(word) == 1 and unicodedata.category(word) == "No" and unicodedata.decimal(word, None) is None:
        value = unicodedata.numeric(word)
        if value < 1:
            return number_at(tokens, index, index + 1, Decimal(str(round(value, 12))), "fraction")
        return None
    return _read_words(tokens, index)


def _is_joined(tokens: Tokens, index: int) -> bool:
    """Tell whether a dash touches a word or numeral before it, so that it is no minus sign."""
    return tokens.is_glued(index) and tokens.raw[index - 1][-1] not in "(^<>=[“\"'$£€"


def _read_words(tokens: Tokens, index: int) -> Number | None:
    word = tokens.low[index]
    if word in lang.VAGUE_SCALES or word in lang.VAGUE_COUNTS or word in lang.TENS_OF or word == lang.SCORES:
        return read_vague(tokens, index)
    if word == lang.COUPLE:
        return read_couple(tokens, index)
    if word in lang.ARTICLES and tokens.low[index + 1] in {"few", lang.COUPLE}:
        vague = read_number(tokens, index + 1)
        return vague and vague._replace(begin=index, start_at=tokens.starts[index])
    run = word_run(tokens, index)
    if not run:
        return None
    return read_share(tokens, run) or read_ordinal(tokens, run) or read_cardinal(tokens, run)
