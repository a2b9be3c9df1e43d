"""The speaker a sentence itself names: "the ministry said", "according to X", "… ,” said Ana Roe"."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.extraction import words_en as lang
from claims.extraction.phrases import PRONOUNS, QUOTE, Line, is_name_word

_STOPS = frozenset('—–;:"“”!?…()[]' + QUOTE)
_VERBS = lang.SAYING | lang.SAYING_THAT | lang.FINDING


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as a sentence names them, at [start:end) of it; `pronoun` when it is only he, she, it or they."""

    start: int
    end: int
    verb: str
    pronoun: str = ""


def read_speaker(sentence: str, quoted: Sequence[tuple[int, int]] = ()) -> Speaker | None:
    """Return the speaker named outside the quoted spans of a sentence, or None."""
    line = Line(sentence, quoted)
    for index in range(line.count):
        low = line.low[index]
        if low in _VERBS and line.raw[index] == low and (found := _by_verb(line, index)):
            return found
    for index in range(line.count):
        if line.low[index] in lang.QUOTING and line.low[index - 1] not in lang.BE and index + 1 < line.count:
            begin = index + 1
            end = _read_right(line, begin)
            if end > begin and line.low[end] in {*lang.RELATIVE, "as", "saying"}:
                return _speaker(line, begin, end, line.low[index])
    for index in range(line.count - 2):
        if line.low[index] == "according" and line.low[index + 1] == "to":
            end = _read_right(line, index + 2)
            if end > index + 2:
                return _speaker(line, index + 2, end, "according to")
    return _by_side_clause(line)


def opening_subject(sentence: str, quoted: Sequence[tuple[int, int]] = ()) -> Speaker | None:
    """Return the name a sentence opens with, if it opens with one: whom a later pronoun may mean."""
    line = Line(sentence, quoted, limit=30)
    end = _read_noun(line, 0, line.count)
    if not end or line.low[0] in lang.NO_SUBJECTS or line.low[end - 1] in PRONOUNS or line.low[end] == ",":
        return None
    return _speaker(line, 0, end, "")


_REPORTS_BEFORE = frozenset({"that", ",", ":", ".", "", QUOTE, "“", '"', "how", "whether"})
_INVERTING = lang.SAYING | lang.SAYING_THAT
_OBJECTS = frozenset(["him", "her", "them", "us", "me", "you"])
_AUXILIARIES = frozenset(["has", "have", "had", "having"])


def _by_verb(line: Line, index: int) -> Speaker | None:
    """Read the subject of a verb of saying, before it or, after a quotation or comma, behind it."""
    low = line.low[index]
    before = index - 1
    while before >= 0 and line.low[before] in lang.ADVERBS:
        before -= 1
    if before < 0:
        return None
    previous = line.low[before]
    if previous in lang.RELATIVE or previous.endswith(("’s", "'s")):
        return None
    if previous in lang.BE or previous == "to" or (previous in lang.DETERMINERS and previous not in PRONOUNS):
        return None
    if line.raw[before] in {QUOTE, ","} and low in _INVERTING and line.low[index + 1] not in _OBJECTS:
        end = _read_right(line, index + 1)
        if end > index + 1 and (line.raw[before] == QUOTE or end >= line.count - 1):
            return _speaker(line, index + 1, end, low)
    begin, end = _subject_before(line, before)
    if end <= begin or not _may_report(line, index, begin, end):
        return None
    return _speaker(line, begin, end, low)


def _may_report(line: Line, index: int, begin: int, end: int) -> bool:
    """Tell whether the verb reports a statement here, rather than doing its other work."""
    low = line.low[index]
    after = line.low[index + 1]
    if low in {"told", "tells", "informed", "briefed"}:
        return after not in _OBJECTS or line.low[index + 2] not in {".", ""}
    if low in lang.FINDING and any(word in lang.DOCUMENTS for word in line.low[begin:end]):
        return after != "to" and line.low[end] != "to"
    if low in lang.SAYING:
        return after != "to" or low not in {"claimed", "believed", "forecast", "estimated"}
    if low not in lang.SAYING_THAT:
        return False
    ahead = index + 1
    while line.low[ahead] in lang.ADVERBS:
        ahead += 1
    return line.low[ahead] in _REPORTS_BEFORE or line.raw[ahead] == QUOTE


def _subject_before(line: Line, last: int) -> tuple[int, int]:
    """Find the noun phrase a verb at last + 1 belongs to: [begin, end)."""
    if line.low[last] == ",":
        opened = last - 1
        while opened > 0 and line.low[opened] not in {","} and line.raw[opened] not in _STOPS:
            opened -= 1
        if line.low[opened] != ",":
            return 0, 0
        end = opened
        begin = _clause_start(line, end - 1)
        # "Ana Roe, a fellow at X, said", but not "On Monday, at noon, said".
        begin, end = _trim(line, begin, end)
        return begin, end
    begin = _clause_start(line, last)
    return _trim(line, begin, last + 1)


def _clause_start(line: Line, last: int) -> int:
    """Walk left from a word to where its clause begins."""
    begin = last
    while begin > 0:
        before = line.low[begin - 1]
        if before == "," or line.raw[begin - 1] in _STOPS:
            break
        if before == "and":
            if not _joins_names(line, begin - 1):
                break
        elif before in _OPENERS and not _is_relative(line, begin - 1):
            break
        begin -= 1
    return begin


_OPENERS = lang.CLAUSE_OPENERS - {"as", "after", "before", "since", "than", "or", "despite", "and"} | {"who"}


def _joins_names(line: Line, place: int) -> bool:
    """Tell whether "and" joins two names: "Ana Roe and other critics", "the police and the army"."""
    after = line.low[place + 1]
    if not (line.raw[place - 1][:1].isupper() or line.low[place - 1] in lang.GROUP_NOUNS):
        return False
    return line.raw[place + 1][:1].isupper() or after in {"other", "the"} or after in lang.GROUP_NOUNS


def _is_relative(line: Line, place: int) -> bool:
    """Tell whether "who" here opens a clause about the subject: "critics who want it say"."""
    return line.low[place] in lang.RELATIVE and line.low[place - 1] in lang.GROUP_NOUNS | lang.ROLE_NOUNS


def _trim(line: Line, begin: int, end: int) -> tuple[int, int]:
    """Keep the noun phrase that opens a clause; leave out what follows it, such as "who believe …"."""
    while begin < end and line.low[begin] in lang.LINKS:
        begin += 1
    stop = _read_noun(line, begin, end)
    if not stop:
        return 0, 0
    rest = [word for word in line.low[stop:end] if word not in lang.ADVERBS]
    if rest and rest[0] not in _DESCRIPTIONS:
        # Another verb stands between: the name nearest to the verb of saying is its subject.
        begin = _nearest_noun(line, stop, end)
        stop = end
        while stop > begin and line.low[stop - 1] in lang.ADVERBS:
            stop -= 1
        if stop <= begin:
            return 0, 0
    if line.low[stop] in lang.ISSUED and line.low[stop + 1] in {"by", "from"}:
        issuer = _read_noun(line, stop + 2, end)
        if issuer:
            return stop + 2, issuer
    return begin, stop


_DESCRIPTIONS = lang.RELATIVE | lang.ISSUED | lang.DESCRIBING | {"by"}


def _nearest_noun(line: Line, low_end: int, end: int) -> int:
    """Walk left from a verb over words that can stand in a name."""
    begin = end
    while begin > low_end and line.low[begin - 1] in lang.ADVERBS:
        begin -= 1
    while begin > low_end and is_name_word(line, begin - 1):
        begin -= 1
    return begin


def _read_noun(line: Line, begin: int, end: int) -> int:
    """Read a noun phrase from its first word; return where it ends, or 0 if none begins there."""
    place = begin
    head = False
    while place < min(end, line.count):
        low = line.low[place]
        raw = line.raw[place]
        if low in lang.NO_SUBJECTS and not (low in lang.DETERMINERS and place + 1 < end):
            break
        if low in PRONOUNS:
            return place + 1 if place == begin else (place if head else 0)
        if raw in _STOPS or low in _NOT_IN_NOUN or not (raw[0].isalnum() or (raw == "&" and head)):
            break
        if low in lang.PREPOSITIONS_KEPT:
            if not head or place + 1 >= end:
                break
        elif head and not _goes_on(line, place):
            break
        elif low not in lang.DETERMINERS:
            head = True
        place += 1
    while place > begin and (line.low[place - 1] in lang.PREPOSITIONS_KEPT or line.low[place - 1] in lang.ADVERBS):
        place -= 1
    return place if head and place > begin else 0


def _goes_on(line: Line, place: int) -> bool:
    """Tell whether a word after a noun can still be part of the phrase; a finite verb is not."""
    low = line.low[place]
    if line.raw[place][:1].isupper() or is_name_word(line, place):
        return True
    return not (
        low in _VERBS or low in lang.PAST or low in lang.ISSUED or (low.endswith("ed") and low not in lang.ADJECTIVES)
    )


_NOT_IN_NOUN = (
    lang.RELATIVE
    | lang.BE
    | _AUXILIARIES
    | lang.ISSUED
    | frozenset(
        [
            "will",
            "would",
            "could",
            "should",
            "may",
            "might",
            "must",
            "can",
            "do",
            "does",
            "did",
            "not",
            "as",
            "by",
            "but",
            "because",
            "if",
            "when",
            "while",
            "although",
            "though",
            "than",
            "then",
            "so",
            "yet",
            "said",
            "says",
            "say",
            "told",
        ]
    )
)


def _read_right(line: Line, begin: int) -> int:
    """Read a speaker from left to right, behind "said" or "according to"."""
    place = begin
    head = False
    while place < line.count:
        low = line.low[place]
        raw = line.raw[place]
        if low in PRONOUNS and place == begin:
            return place + 1
        if raw in _STOPS or not (raw[0].isalnum() or raw == "&") or low in _RIGHT_STOPS:
            break
        if place == begin and low in lang.NO_SUBJECTS - lang.DETERMINERS:
            break
        if (
            low in lang.PREPOSITIONS_KEPT
            and low not in {"of", "and"}
            and not (low in {"for", "at", "from", "with", "in"} and _role_before(line, begin, place))
        ):
            break
        if head and not _goes_on(line, place) and low not in lang.FINDING:
            break
        head = head or low not in lang.DETERMINERS
        place += 1
    while place > begin and line.low[place - 1] in lang.PREPOSITIONS_KEPT:
        place -= 1
    return place if head else begin


_RIGHT_STOPS = lang.AFTER_SPEAKER - {"in", "on", "to", "at", "four", "by"} | {"by"} - {"last"}


def _role_before(line: Line, begin: int, place: int) -> bool:
    """Tell whether a preposition goes on with a role: "a spokesman for the port"; "said Roe in March" does not."""
    if line.low[place] == "in" and line.low[place + 1] in {"a", "an", *lang.TIME_WORDS}:
        return False
    return any(
        word in lang.ROLE_NOUNS or word in lang.GROUP_NOUNS or word in lang.DOCUMENTS for word in line.low[begin:place]
    )


def _by_side_clause(line: Line) -> Speaker | None:
    """Read "…, warning that", "with critics saying" and "critics, who have argued"."""
    for index in range(2, line.count):
        low = line.low[index]
        if low in lang.SAYING_ALONG and line.low[index - 1] == ",":
            return _subject_of_sentence(line, index)
        if low in lang.SAYING_ALONG and line.low[index - 1] in lang.GROUP_NOUNS:
            return _speaker(line, _nearest_noun(line, 0, index), index, low)
        if low not in lang.SAYING or line.raw[index] != low:
            continue
        who = index - 1
        while who > 1 and line.low[who] in lang.ADVERBS:
            who -= 1
        end = who - (line.low[who - 1] == ",")
        if line.low[who] == "who" and end > 0 and line.low[end - 1] in lang.GROUP_NOUNS | lang.ROLE_NOUNS:
            return _speaker(line, _nearest_noun(line, 0, end), end, low)
    return None


def _subject_of_sentence(line: Line, verb: int) -> Speaker | None:
    """Give "…, warning that" to the subject the sentence opens with."""
    end = _read_noun(line, 0, verb)
    if not end or line.low[0] in lang.NO_SUBJECTS:
        return None
    return _speaker(line, 0, end, line.low[verb])


def _speaker(line: Line, begin: int, end: int, verb: str) -> Speaker | None:
    """Cut a phrase down to the name in it: a person's without role, anything else as it stands."""
    if line.low[begin] in PRONOUNS and end == begin + 1:
        return Speaker(line.starts[begin], line.ends[end - 1], verb, line.low[begin])
    begin, end = _person(line, begin, end)
    while end > begin and line.low[begin] in lang.NO_SUBJECTS - lang.DETERMINERS:
        return None
    if end <= begin or not any(word[:1].isalpha() for word in line.raw[begin:end]):
        return None
    if line.low[end - 1] in lang.TIME_WORDS or line.low[begin] in lang.TIME_WORDS:
        return None
    last = line.ends[end - 1]
    if line.raw[end - 1].endswith(("’s", "'s")):
        last -= 2
    return Speaker(line.starts[begin], last, verb)


def _person(line: Line, begin: int, end: int) -> tuple[int, int]:
    """Find "John Kirby" in "Pentagon spokesman John Kirby": what follows the last role word, all capitals."""
    for place in range(end - 1, begin - 1, -1):
        low = line.low[place]
        if low in lang.PREPOSITIONS_KEPT or low == "of":
            return begin, end
        if low in lang.ROLE_NOUNS:
            names = line.raw[place + 1 : end]
            if len(names) >= 2 and all(name[:1].isupper() for name in names):
                return place + 1, end
            return begin, end
    return begin, end
