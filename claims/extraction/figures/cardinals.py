"""Numbers in words: "two hundred and six", "several hundreds"."""

from decimal import Decimal

from claims.extraction import lang_en as lang
from claims.extraction.figures.numerals import Number, number_at, share_in_words, with_scale
from claims.extraction.figures.tokens import Tokens


def read_vague(tokens: Tokens, index: int) -> Number | None:
    """Read "several hundreds", "tens of thousands", "dozens", "a few thousand": from twice the scale to the next."""
    word, begin = tokens.low[index], index
    if word == lang.SCORES:
        is_count = tokens.low[index + 1] == lang.OF and tokens.low[index + 2] not in lang.DETERMINERS
        number = number_at(tokens, index, index + 1, Decimal(2 * lang.SCORE), "vague")
        return number._replace(high=Decimal(100)) if is_count else None
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
    return number_at(tokens, begin, index + 1, Decimal(scale * times), "vague")._replace(high=top)


def read_couple(tokens: Tokens, index: int) -> Number | None:
    """Read "couple of tents", "couple of hundred", "couple hundred": about two."""
    at = index + 1 + (tokens.low[index + 1] == lang.OF)
    if scale := lang.SCALES.get(tokens.low[at]):
        return number_at(tokens, index, at + 1, Decimal(2 * scale), "couple")
    return number_at(tokens, index, at, Decimal(2), "couple") if at > index + 1 else None


def word_run(tokens: Tokens, index: int) -> list[int]:
    """Return the places of the number words that begin here, hyphens left out, "and" kept in the middle."""
    low = tokens.low
    run: list[int] = []
    at = index
    while at < tokens.count and len(run) < 24:
        word = low[at]
        if word in lang.SMALL or word in lang.SCALES or word in lang.DENOMINATORS or word in lang.ORDINALS:
            run.append(at)
        elif word in lang.ARTICLES and (not run or low[run[-1]] == lang.AND):
            if low[at + 1] not in lang.SCALES and low[at + 1] not in lang.DENOMINATORS:
                break
            run.append(at)
        elif word in lang.PLURAL_SCALES and run and low[run[-1]] in lang.SMALL:
            run.append(at)  # "two dozens"
        elif word == lang.AND and run:
            run.append(at)
        elif word in lang.HYPHENS and run and _is_word(tokens, at + 1):
            pass
        elif run and word in lang.HYPHENS and (share := share_in_words(tokens, at)):
            run += [at + 1, at + 3, share]  # "six-and-a-half"
            at = share
        else:
            break
        at += 1
    while run and low[run[-1]] in {lang.AND, "a", "an"}:
        run.pop()
    return run


def _is_word(tokens: Tokens, at: int) -> bool:
    word = tokens.low[at]
    return word in lang.SMALL or word in lang.SCALES or word in lang.DENOMINATORS or word in lang.ORDINALS


def read_cardinal(tokens: Tokens, run: list[int]) -> Number | None:
    value, used = cardinal_prefix(tokens, run)
    if not used or (used == 1 and tokens.low[run[0]] in lang.SCALES and tokens.low[run[0]] not in lang.BARE_SCALES):
        return None
    end = run[used - 1] + 1
    number = number_at(tokens, run[0], end, value)
    if tokens.low[end] == lang.POINT and (decimals := _decimals(tokens, end + 1)):
        digits, end = decimals
        number = number._replace(value=Decimal(f"{value}.{digits}"), end=end, end_at=tokens.ends[end - 1])
        return with_scale(tokens, number)
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
        word = lang.PLURAL_SCALES.get(tokens.low[at], tokens.low[at])
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


def whole_cardinal(tokens: Tokens, run: list[int]) -> Decimal | None:
    """Return the value of a run that is one cardinal from end to end; "a" counts as one."""
    if len(run) == 1 and tokens.low[run[0]] in lang.ARTICLES:
        return Decimal(1)
    value, used = cardinal_prefix(tokens, run)
    if used == len(run):
        return value
    # "twenty and three" reads on only where a share follows: "twenty and three and three fifths".
    if used and tokens.low[run[used]] == lang.AND and tokens.low[run[used - 1]] in lang.TENS:
        rest = whole_cardinal(tokens, run[used + 1 :]) if run[used + 1 :] else None
        return value + rest if rest is not None and rest < 10 else None
    return None
