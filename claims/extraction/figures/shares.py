"""Shares and ordinals in words: "two thirds", "three and a half million", "twenty-first"."""

from decimal import Decimal

from claims.extraction import lang_en as lang
from claims.extraction.figures.cardinals import whole_cardinal
from claims.extraction.figures.numerals import Number, number_at
from claims.extraction.figures.tokens import Tokens

_AFTER_HALF = (lang.BEFORE_HALF_OK, lang.AFTER_SHARE, lang.NOUN_STOPS)


def read_share(tokens: Tokens, run: list[int]) -> Number | None:
    """Read "two thirds", "three and a half million", "one hundred and three quarters"."""
    for place, at in enumerate(run):
        if tokens.low[at] in lang.DENOMINATORS and (share := _share_at(tokens, run, place)):
            return share
    return None


def _share_at(tokens: Tokens, run: list[int], place: int) -> Number | None:
    word, at = tokens.low[run[place]], run[place]
    if place == 0 and word == "quarter" and (scale := lang.SCALES.get(tokens.low[at + 1])):
        return number_at(tokens, at, at + 2, Decimal(scale) / 4, "fraction")
    if place == 0:
        return _bare_half(tokens, run) if word == lang.HALF else None
    if place > 1 and word not in lang.PLURAL_DENOMINATORS and (one := _one_of_many(tokens, run[: place + 1])):
        return one
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
        is_point = following == "point" and word in lang.PLAIN_DENOMINATORS
        if is_bare and following[:1].isalpha() and following not in lang.AFTER_SHARE and not is_point:
            return None
        if word == lang.HALF and not whole and tokens.raw[at + 1] in lang.HYPHENS and tokens.is_glued(at + 1):
            return None
    number = number_at(tokens, run[0], at + 1, whole + share, "fraction")
    return _scaled_share(tokens, number, whole, share, run[:place])


def _one_of_many(tokens: Tokens, run: list[int]) -> Number | None:
    """Read "one twenty-fifth": a share whose denominator is more than one word."""
    following = tokens.low[run[-1] + 1]
    is_share = not following[:1].isalpha() or following in lang.AFTER_SHARE
    if tokens.low[run[0]] != lang.ONE or tokens.low[run[1]] not in lang.SMALL or not is_share:
        return None
    divisor = _denominator(tokens, run[1:])
    return number_at(tokens, run[0], run[-1] + 1, 1 / divisor, "fraction") if divisor else None


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
            whole = whole_cardinal(tokens, head[: ands[-1]])
            numerator = whole_cardinal(tokens, head[ands[-1] + 1 :]) if head[ands[-1] + 1 :] else None
            if whole is not None and numerator is not None and numerator < divisor:
                return whole, numerator / divisor
        numerator = whole_cardinal(tokens, head)
        if numerator is not None:
            return Decimal(0), numerator / divisor
    return None


def _denominator(tokens: Tokens, tail: list[int]) -> Decimal | None:
    last = tokens.low[tail[-1]]
    value = Decimal(lang.DENOMINATORS[last])
    if len(tail) == 1:
        return value if value > 1 else None
    stem = last.removesuffix("s")
    rest = whole_cardinal(tokens, tail[:-1])
    if rest is None or stem not in lang.ORDINALS or lang.ORDINALS[stem] >= rest:
        return None
    if tokens.low[tail[-2]] in lang.TENS and stem not in lang.UNIT_ORDINALS:
        return None
    if tokens.low[tail[-2]] in lang.UNITS or tokens.low[tail[-2]] in lang.TEENS:
        return None
    return rest + value


def _scaled_share(tokens: Tokens, number: Number, whole: Decimal, share: Decimal, head: list[int]) -> Number:
    following = lang.PLURAL_SCALES.get(tokens.low[number.end], tokens.low[number.end])
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
    if tokens.low[at - 1] in lang.HALF_NAMES or (tokens.raw[after] in lang.HYPHENS and tokens.is_glued(after)):
        return None
    scale_at = after + (tokens.low[after] in lang.ARTICLES)
    if scale := lang.SCALES.get(tokens.low[scale_at]):
        return number_at(tokens, at, scale_at + 1, Decimal(scale) / 2, "fraction")
    word = tokens.low[after]
    is_certain = tokens.low[at - 1] in lang.CERTAIN_SHARES and (word in lang.VERBS or word.endswith("ed"))
    if word[:1].isalpha() and not is_certain and not any(word in known for known in _AFTER_HALF):
        return None
    return number_at(tokens, at, after, Decimal("0.5"), "fraction")


def read_ordinal(tokens: Tokens, run: list[int]) -> Number | None:
    """Read "tenth", "twenty-first", "one hundred and fifth"."""
    for place, at in enumerate(run):
        word = tokens.low[at]
        if word not in lang.ORDINALS:
            continue
        value = lang.ORDINALS[word]
        if place:
            rest = whole_cardinal(tokens, run[:place])
            if rest is None:
                return None
            if word in lang.SCALE_ORDINALS:
                return number_at(tokens, run[0], at + 1, rest * value, "ordinal")
            if value >= rest or (tokens.low[run[place - 1]] in lang.SMALL and rest % 10):
                return None
            return number_at(tokens, run[0], at + 1, rest + value, "ordinal")
        return number_at(tokens, at, at + 1, Decimal(value), "ordinal")
    return None


def _is_hyphened(tokens: Tokens, at: int) -> bool:
    return tokens.raw[at - 1] in lang.HYPHENS
