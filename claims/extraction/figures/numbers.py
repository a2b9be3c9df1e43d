"""Numbers in digits and words, read from one place in a token list."""

import re
import unicodedata
from decimal import Context, Decimal
from typing import NamedTuple

from claims.extraction import lang_en as lang
from claims.extraction.figures.tokens import Tokens

# Longer numerals are account numbers or attacks, not quantities; the context bounds what powers may cost.
MAX_DIGITS = 40
MAX_EXPONENT = 300
_CONTEXT = Context(prec=28, Emax=MAX_EXPONENT, Emin=-MAX_EXPONENT, traps=[])
_NUMERAL = re.compile(r"\d+(\.\d+)?|\.\d+")
_GROUPS = re.compile(r"\d{1,3}([,\u00a0\u202f\u2009]\d{3})+([.,]\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_POWER = re.compile(r"(?:\s?[x×*]\s?10\^|(?P<caret>\^)|[eE])(?P<sign>--|[-+−]?)(?P<exponent>\d{1,4})(?![\w.])")
_SLASH = re.compile(r"\s?/\s?(\d{1,6})(?![\d/\w]|\.\d)")
_SPACED_FRACTION = re.compile(r"\s{1,2}(\d{1,2})/(\d{1,3})(?![\d/])")


class Number(NamedTuple):
    """A number read at tokens [begin:end): `high` is set for vague ones ("hundreds"), `end_at` is a code point."""

    value: Decimal
    begin: int
    end: int
    start_at: int
    end_at: int
    kind: str = "cardinal"
    high: Decimal | None = None
    in_digits: bool = False
    out_of: Decimal | None = None


def read_number(tokens: Tokens, index: int) -> Number | None:
    """Read the number that begins at a token, or None; it looks neither at units nor at qualifiers."""
    if tokens.is_number(index):
        return _read_numeral(tokens, index)
    word = tokens.low[index]
    if word in lang.MINUS or (word in "-−" and tokens.is_glued(index + 1) and not _is_joined(tokens, index)):
        number = read_number(tokens, index + 1) if tokens.low[index + 1] not in "-−" else None
        if number and (word in lang.MINUS or number.in_digits):
            return number._replace(value=-number.value, begin=index, start_at=tokens.starts[index])
        return None
    if len(word) == 1 and unicodedata.category(word) == "No" and unicodedata.decimal(word, None) is None:
        value = unicodedata.numeric(word)
        if value < 1:
            return _at(tokens, index, index + 1, Decimal(str(round(value, 12))), "fraction")
        return None
    return _read_words(tokens, index)


def _is_joined(tokens: Tokens, index: int) -> bool:
    """Tell whether a dash touches a word or numeral before it, so that it is no minus sign."""
    return tokens.is_glued(index) and tokens.raw[index - 1][-1] not in "(^<>=[“\"'$£€"


def _at(tokens: Tokens, begin: int, end: int, value: Decimal, kind: str = "cardinal") -> Number:
    return Number(value, begin, end, tokens.starts[begin], tokens.ends[end - 1], kind)


def numeral_value(word: str) -> Decimal | None:
    """Return the value of a numeral in digits, or None for versions, addresses and endless digits."""
    if len(word) > MAX_DIGITS:
        return None
    if _NUMERAL.fullmatch(word):
        return Decimal(word)
    if _DECIMAL_COMMA.fullmatch(word):
        return Decimal(word.replace(",", "."))
    if _GROUPS.fullmatch(word):
        digits = word
        for mark in ("\u00a0", "\u202f", "\u2009"):
            digits = digits.replace(mark, "")
        return Decimal(digits.replace(",", "") if digits == word else digits.replace(",", "."))
    return None


def _read_numeral(tokens: Tokens, index: int) -> Number | None:
    value = numeral_value(tokens.raw[index])
    if value is None:
        return None
    number = _at(tokens, index, index + 1, value)._replace(in_digits=True)
    return (
        _with_power(tokens, number)
        or _with_fraction(tokens, number)
        or _with_ordinal_ending(tokens, number)
        or _with_scale(tokens, number)
    )


def _with_power(tokens: Tokens, number: Number) -> Number | None:
    power = _POWER.match(tokens.text, number.end_at)
    if not power:
        return None
    exponent = int(power["exponent"]) * (-1 if power["sign"] in {"-", "−"} else 1)
    if power["caret"]:
        value = _CONTEXT.power(number.value, exponent)
    elif abs(exponent) <= MAX_EXPONENT:
        value = number.value.scaleb(exponent, _CONTEXT)
    else:
        return None
    if not value.is_finite():
        return None
    return number._replace(value=value, end=_index_at(tokens, number.end, power.end()), end_at=power.end())


def _index_at(tokens: Tokens, index: int, position: int) -> int:
    """Return the first token from `index` on that starts at or after a place in the text."""
    while index < tokens.count and tokens.starts[index] < position:
        index += 1
    return index


def _with_fraction(tokens: Tokens, number: Number) -> Number | None:
    """Read "4/5", "2 1/4", "2½"."""
    text = tokens.text
    if (spaced := _SPACED_FRACTION.match(text, number.end_at)) and int(spaced[1]) < int(spaced[2]):
        value = number.value + Decimal(spaced[1]) / Decimal(spaced[2])
        end = spaced.end()
    elif slash := _SLASH.match(text, number.end_at):
        if not int(slash[1]) or text[number.start_at : slash.end()].replace(" ", "") in lang.FAMED:
            return None
        value, end = number.value / Decimal(slash[1]), slash.end()
    else:
        mark = tokens.raw[number.end]
        if len(mark) != 1 or unicodedata.category(mark) != "No" or not 0 < unicodedata.numeric(mark) < 1:
            return None
        value = number.value + Decimal(str(round(unicodedata.numeric(mark), 12)))
        end = tokens.ends[number.end]
    read = number._replace(
        value=value, end=_index_at(tokens, number.end, end), end_at=end, kind="fraction", in_digits=True
    )
    return _with_scale(tokens, read)


def _with_ordinal_ending(tokens: Tokens, number: Number) -> Number | None:
    if tokens.is_glued(number.end) and tokens.low[number.end] in lang.ORDINAL_ENDINGS:
        return number._replace(end=number.end + 1, end_at=tokens.ends[number.end], kind="ordinal")
    return None


def _with_scale(tokens: Tokens, number: Number) -> Number:
    """Read on through "million", "bn", and "hundred and 21"."""
    word = tokens.low[number.end]
    if tokens.raw[number.end] == "-" and tokens.low[number.end + 1] in lang.SCALES:
        number = number._replace(end=number.end + 1)  # "a 5-million deal"
        word = tokens.low[number.end]
    singular = word[:-1] if word.endswith("s") else word
    scale = lang.SCALES.get(word) or lang.SCALES.get(singular) or lang.SCALE_MARKS.get(word)
    if scale is None or (word in lang.SCALE_MARKS and not _is_scale_mark(tokens, number)):
        return number
    end = number.end + 1
    read = number._replace(value=number.value * scale, end=end, end_at=tokens.ends[end - 1])
    if word in lang.SCALE_MARKS:
        return read
    if tokens.low[end] in lang.SCALES and tokens.low[end] != "dozen":
        read = read._replace(value=read.value * lang.SCALES[tokens.low[end]], end=end + 1, end_at=tokens.ends[end])
        end += 1
    return _with_remainder(tokens, read, scale)


def _with_remainder(tokens: Tokens, number: Number, scale: int) -> Number:
    """Read "3 hundred and 21", "3 million and a quarter"."""
    if tokens.low[number.end] != lang.AND:
        return number
    after = number.end + 1
    if tokens.low[after] in lang.ARTICLES and tokens.low[after + 1] in {"half", "quarter"} and scale >= 1000:
        part = Decimal(scale) / lang.DENOMINATORS[tokens.low[after + 1]]
        return number._replace(
            value=number.value + part, end=after + 2, end_at=tokens.ends[after + 1], kind="fraction"
        )
    if tokens.is_number(after) and scale == 100:
        rest = numeral_value(tokens.raw[after])
        is_last = tokens.low[after + 1] not in lang.SCALES
        if rest is not None and rest < scale and rest == rest.to_integral_value() and is_last:
            return number._replace(value=number.value + rest, end=after + 1, end_at=tokens.ends[after])
    return number


def _is_scale_mark(tokens: Tokens, number: Number) -> bool:
    """Tell whether "m", "b" or "k" after a numeral is a scale: "£3m", "2.5m people", but not "a 100m race"."""
    at, mark, glued = number.end, tokens.raw[number.end], tokens.is_glued(number.end)
    if mark in {"mn", "bn", "tn", "trn", "mln"} or (mark == "k" and glued):
        return True
    if tokens.low[number.begin - 1] in lang.CURRENCY_SIGNS or tokens.raw[number.begin - 1] in lang.CURRENCY_CODES:
        return True
    if mark in {"k", "K"}:
        return True
    if not glued or mark not in {"m", "M", "b", "B"}:
        return False
    following = tokens.low[at + 1]
    if mark in "MB" or following in {"a", "-", "–", "to", "of"}:
        return following not in {"", "race", "final"} and mark in "MB"
    plural = following.endswith("s") and following not in lang.NOT_PLURAL
    return plural or following in lang.IRREGULAR_PLURALS or "." in tokens.raw[number.begin]


# --- Words -------------------------------------------------------------------------------------------------


def _read_words(tokens: Tokens, index: int) -> Number | None:
    word = tokens.low[index]
    if word in lang.VAGUE_SCALES or word in lang.VAGUE_COUNTS or word in lang.TENS_OF:
        return _read_vague(tokens, index)
    if word in lang.ARTICLES and tokens.low[index + 1] in {"few", "couple"}:
        vague = _read_vague(tokens, index + 1)
        return vague and vague._replace(begin=index, start_at=tokens.starts[index])
    run = _word_run(tokens, index)
    if not run:
        return None
    return _read_share(tokens, run) or _read_ordinal(tokens, run) or _read_cardinal(tokens, run)


def _read_vague(tokens: Tokens, index: int) -> Number | None:
    """Read "several hundreds", "tens of thousands", "dozens", "a few thousand": from twice the scale to the next."""
    word, begin = tokens.low[index], index
    times, ceiling = 2, 10
    if word in lang.VAGUE_COUNTS:
        index += 1
        if tokens.low[index] == lang.OF:
            index += 1
    elif tokens.low[index + 1] == lang.OF and tokens.low[index + 2] in lang.VAGUE_SCALES and word in lang.TENS_OF:
        times, ceiling = 2 * lang.TENS_OF[word], 10 * lang.TENS_OF[word]
        index += 2
    scale = lang.VAGUE_SCALES.get(tokens.low[index]) or lang.SCALES.get(tokens.low[index])
    if scale is None or (tokens.low[index] in lang.SCALES and word not in lang.VAGUE_COUNTS):
        return None
    top = Decimal(100) if scale == 12 else Decimal(scale * ceiling)
    return _at(tokens, begin, index + 1, Decimal(scale * times), "vague")._replace(high=top)


def _word_run(tokens: Tokens, index: int) -> list[int]:
    """Return the places of the number words that begin here, hyphens left out, "and" kept in the middle."""
    low, run = tokens.low, []
    at = index
    while at < tokens.count and len(run) < 24:
        word = low[at]
        if word in lang.SMALL or word in lang.SCALES or word in lang.DENOMINATORS or word in lang.ORDINALS:
            run.append(at)
        elif word in lang.ARTICLES and (not run or low[run[-1]] == lang.AND):
            if low[at + 1] not in lang.SCALES and low[at + 1] not in lang.DENOMINATORS:
                break
            run.append(at)
        elif word == lang.AND and run:
            run.append(at)
        elif word in {"-", "‑"} and run and _is_word(tokens, at + 1):
            pass
        else:
            break
        at += 1
    while run and low[run[-1]] in {lang.AND, "a", "an"}:
        run.pop()
    return run


def _is_word(tokens: Tokens, at: int) -> bool:
    word = tokens.low[at]
    return word in lang.SMALL or word in lang.SCALES or word in lang.DENOMINATORS or word in lang.ORDINALS


def _is_hyphened(tokens: Tokens, at: int) -> bool:
    return tokens.raw[at - 1] in {"-", "‑"}


def _read_cardinal(tokens: Tokens, run: list[int]) -> Number | None:
    value, used = cardinal_prefix(tokens, run)
    if not used or (used == 1 and tokens.low[run[0]] in lang.SCALES and tokens.low[run[0]] != "hundred"):
        return None
    end = run[used - 1] + 1
    number = _at(tokens, run[0], end, value)
    if tokens.low[end] == lang.POINT and (decimals := _decimals(tokens, end + 1)):
        digits, end = decimals
        number = number._replace(value=Decimal(f"{value}.{digits}"), end=end, end_at=tokens.ends[end - 1])
        return _with_scale(tokens, number)
    return number


def _decimals(tokens: Tokens, at: int) -> tuple[str, int] | None:
    digits = ""
    while at < tokens.count and len(digits) < 12 and (word := tokens.low[at]) in lang.SMALL:
        digits += str(lang.SMALL[word])
        at += 1
    return (digits, at) if digits else None


def cardinal_prefix(tokens: Tokens, run: list[int]) -> tuple[Decimal, int]:
    """Return the value of the longest cardinal at the head of a run of number words, and how many it took."""
    total, current, used = 0, 0, 0
    last_scale: int | None = None  # smallest scale seen, so that "one thousand and five hundred" goes down
    previous = ""
    for place, at in enumerate(run):
        word = tokens.low[at]
        if word == lang.AND:
            if previous not in lang.SCALES or previous == "dozen":
                break
        elif word in lang.ARTICLES:
            if place or tokens.low[run[1]] not in lang.SCALES:
                break
            current = 1
        elif word in lang.SMALL:
            value = lang.SMALL[word]
            room = current % 100
            fits = (
                not used
                or previous in lang.SCALES
                or previous == lang.AND
                or (previous in lang.TENS and 0 < value < 10 and room >= 20)
            )
            if not fits or (current and room and value >= 10):
                break
            current, used = current + value, place + 1
        elif word in lang.SCALES:
            scale = lang.SCALES[word]
            if previous == lang.AND:
                break
            if scale <= 100:
                if current >= 100 and scale == 100 and previous in lang.SCALES:
                    break
                current = (current or (0 if total else 1)) * scale
            elif current == 0 and total and previous in lang.SCALES:
                total *= scale
            elif last_scale is not None and scale > last_scale:
                total, current = (total + current) * scale, 0
            else:
                total, current = total + (current or 1) * scale, 0
            last_scale, used = (scale if scale > 100 else last_scale), place + 1
        else:
            break
        previous = word
    return Decimal(total + current), used


def _whole_cardinal(tokens: Tokens, run: list[int]) -> Decimal | None:
    """Return the value of a run that is one cardinal from end to end; "a" counts as one."""
    if len(run) == 1 and tokens.low[run[0]] in lang.ARTICLES:
        return Decimal(1)
    value, used = cardinal_prefix(tokens, run)
    if used == len(run):
        return value
    # "twenty and three" reads on only where a share follows: "twenty and three and three fifths".
    if used and tokens.low[run[used]] == lang.AND and tokens.low[run[used - 1]] in lang.TENS:
        rest = _whole_cardinal(tokens, run[used + 1 :]) if run[used + 1 :] else None
        return value + rest if rest is not None and rest < 10 else None
    return None


def _read_share(tokens: Tokens, run: list[int]) -> Number | None:
    """Read "two thirds", "three and a half million", "one hundred and three quarters"."""
    for place, at in enumerate(run):
        if tokens.low[at] in lang.DENOMINATORS and (share := _share_at(tokens, run, place)):
            return share
    return None


def _share_at(tokens: Tokens, run: list[int], place: int) -> Number | None:
    word, at = tokens.low[run[place]], run[place]
    if place == 0:
        return _bare_half(tokens, run) if word == lang.HALF else None
    found = _divided(tokens, run[: place + 1])
    if found is None:
        return None
    whole, share = found
    if word not in lang.PLURAL_DENOMINATORS:
        lead = tokens.low[run[place - 1]]
        if lead not in lang.ARTICLES and lead != lang.ONE:
            return None
        following = tokens.low[at + 1]
        is_bare = lead in lang.ARTICLES and place == 1 and word != lang.HALF
        if is_bare and following[:1].isalpha() and following not in lang.AFTER_SHARE:
            return None
        if word == lang.HALF and tokens.raw[at + 1] in {"-", "‑"} and tokens.is_glued(at + 1):
            return None
    number = _at(tokens, run[0], at + 1, whole + share, "fraction")
    return _scaled_share(tokens, number, whole, share, run[:place])


def _divided(tokens: Tokens, run: list[int]) -> tuple[Decimal, Decimal] | None:
    """Return (whole, share) of a run that ends in a denominator; the longest denominator that leaves a numerator."""
    last = tokens.low[run[-1]]
    splits = [len(run) - 1] if last in lang.PLAIN_DENOMINATORS else range(1, len(run))
    for split in splits:
        head, tail = run[:split], run[split:]
        if len(tail) > 1 and (tokens.low[tail[0]] not in lang.SMALL or _is_hyphened(tokens, tail[0])):
            continue
        divisor = _denominator(tokens, tail)
        if divisor is None:
            continue
        ands = [place for place, at in enumerate(head) if tokens.low[at] == lang.AND]
        if ands:
            whole = _whole_cardinal(tokens, head[: ands[-1]])
            numerator = _whole_cardinal(tokens, head[ands[-1] + 1 :]) if head[ands[-1] + 1 :] else None
            if whole is not None and numerator is not None and numerator < divisor:
                return whole, numerator / divisor
        numerator = _whole_cardinal(tokens, head)
        if numerator is not None:
            return Decimal(0), numerator / divisor
    return None


def _denominator(tokens: Tokens, tail: list[int]) -> Decimal | None:
    last = tokens.low[tail[-1]]
    value = Decimal(lang.DENOMINATORS[last])
    if len(tail) == 1:
        return value if value > 1 else None
    stem = last.removesuffix("s")
    rest = _whole_cardinal(tokens, tail[:-1])
    if rest is None or stem not in lang.ORDINALS or lang.ORDINALS[stem] >= rest:
        return None
    if tokens.low[tail[-2]] in lang.TENS and stem not in lang.UNIT_ORDINALS:
        return None
    if tokens.low[tail[-2]] in lang.UNITS or tokens.low[tail[-2]] in lang.TEENS:
        return None
    return rest + value


def _scaled_share(tokens: Tokens, number: Number, whole: Decimal, share: Decimal, head: list[int]) -> Number:
    following = tokens.low[number.end]
    if following == lang.OF and tokens.low[number.end + 1] in lang.ARTICLES and not whole:
        scale = lang.SCALES.get(tokens.low[number.end + 2], 0)
        if scale >= 1000:
            end = number.end + 3
            return number._replace(value=share * scale, end=end, end_at=tokens.ends[end - 1])
    if following in lang.SCALES:
        scale = lang.SCALES[following]
        value = whole + share * scale if whole >= 1000 else (whole + share) * scale
        return number._replace(value=value, end=number.end + 1, end_at=tokens.ends[number.end])
    scales = [lang.SCALES[tokens.low[at]] for at in head if tokens.low[at] in lang.SCALES]
    if whole >= 1000 and scales and scales[-1] >= 1000 and tokens.low[head[-1]] in lang.ARTICLES:
        return number._replace(value=whole + share * scales[-1])
    return number


def _bare_half(tokens: Tokens, run: list[int]) -> Number | None:
    """Read "half a million", "half a dozen", "half of", but not "half-time" or "the first half"."""
    at = run[0]
    after = at + 1
    if tokens.low[at - 1] in lang.HALF_NAMES or (tokens.raw[after] in {"-", "‑"} and tokens.is_glued(after)):
        return None
    scale_at = after + (tokens.low[after] in lang.ARTICLES)
    if scale := lang.SCALES.get(tokens.low[scale_at]):
        return _at(tokens, at, scale_at + 1, Decimal(scale) / 2, "fraction")
    if tokens.low[after][:1].isalpha() and tokens.low[after] not in lang.BEFORE_HALF_OK:
        if tokens.low[after] not in lang.AFTER_SHARE and tokens.low[after] not in lang.NOUN_STOPS:
            return None
    return _at(tokens, at, after, Decimal("0.5"), "fraction")


def _read_ordinal(tokens: Tokens, run: list[int]) -> Number | None:
    """Read "tenth", "twenty-first", "one hundred and fifth"."""
    for place, at in enumerate(run):
        word = tokens.low[at]
        if word not in lang.ORDINALS:
            continue
        value = lang.ORDINALS[word]
        if place:
            rest = _whole_cardinal(tokens, run[:place])
            if rest is None:
                return None
            if word in lang.SCALE_ORDINALS:
                return _at(tokens, run[0], at + 1, rest * value, "ordinal")
            if value >= rest or (tokens.low[run[place - 1]] in lang.SMALL and rest % 10):
                return None
            return _at(tokens, run[0], at + 1, rest + value, "ordinal")
        return _at(tokens, at, at + 1, Decimal(value), "ordinal")
    return None
