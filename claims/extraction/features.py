"""How much a sentence is worth checking: features a reader can follow, each with its weight and its reason."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from claims.extraction import words_en as lang
from claims.extraction.figures.model import Figure, Kind
from claims.extraction.weights import BIAS, EVIDENCE_ORDER, LABELS, VOCABULARIES, WEIGHTS

# Longer sentences are lists or noise: what a score needs stands in the beginning.
MAX_SCORED = 2_000
MAX_REASONS = 6
_WORD = re.compile(
    r"(?:[$£€]\s?)?\d[\d.,]*(?:st|nd|rd|th|%|bn|m|k)?|(?:[^\W\d_]\.){2,}(?:-[^\W\d_]+)*|"
    r"\b(?:Mrs?|Ms|Dr|Prof|Gen|Col|Lt|Sen|Rep|Gov|Sgt|St)\.(?= )|[^\W\d_]+(?:[-.'’][^\W\d_]+)*"
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\.?")
_ENDS_PAST = re.compile(r"[a-z]{2,}ed")
_QUESTION = re.compile(r"\?[\"”’')\]]*\s*$")
_QUOTED = re.compile(r"[“\"][^“”\"]{3,}[”\"]?")
_CONDITION = re.compile(r"\s*[“\"']?(?:if|unless|should|were)\b", re.IGNORECASE)
_AIM = re.compile(
    r"\bto (?:be|have|do|get|go|make|see|give|take|keep|put|work|help|say|know|let|stop|bring|talk|find|ask|show|pay|"
    r"look|deal|start|come|provide|create|build|protect|fight|grow|change|move|become|live|try|hear|use|run|add|win)\b"
)
_UP_OR_DOWN = re.compile(r"\b(?:go|goes|going|went|gone|is|are|was|were) (?:up|down)\b", re.IGNORECASE)
# Words that mean something else beside others: "declined to comment", "last fall", "at least ten".
_MISLEADING = re.compile(
    r"\b(?:(declined) to|at (least|most)|in (question)|Islamic (State)|(if) not|no (matter)|(last) (fall)|"
    r"(last) (?=year|week|month|summer|autumn|winter|spring|night|"
    r"January|February|March|April|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day))\b"
)
_OPENS_ANEW = re.compile(r"[.!?:…“\"‘]")
_SIGNS = frozenset("%$£€")
_CAPITAL_NAMES = frozenset(["US", "May"])
_SPACES = re.compile(r"\s+")
_POSSESSIVE = re.compile(r"['’]s?$")
_INSIDE = re.compile(r"(?<=[a-z,;] )[^\W\d_][\w’'-]*")
NOUN_WITHIN = 25  # characters between a figure and what it counts, for a reason to show them together


@dataclass(frozen=True)
class Weighing:
    """What each feature weighs, by its name, and where the scale begins: the shipped weights, or a desk's own."""

    weights: Mapping[str, float]
    bias: float


SHIPPED = Weighing(WEIGHTS, BIAS)


@dataclass(frozen=True, slots=True)
class Score:
    """How worth checking a sentence is, from 0 to 1, and what said so in a reviewer's words, strongest first."""

    score: float
    reasons: tuple[str, ...]


def score_sentence(
    text: str,
    *,
    figures: Iterable[Figure] | None = None,
    attribution: str | None = None,
    names: frozenset[str] = frozenset(),
    weighing: Weighing = SHIPPED,
) -> Score:
    """Score one sentence; the reasons name every feature that fired, those against it introduced by "minus".

    The six strongest have their evidence; weaker ones share a last reason, "also: …". `figures` are those read
    out of the sentence; without them, plain numerals and number words count. `attribution` names a speaker known
    from the context, `names` words known as names from the rest of the text. Nothing is raised for any string.
    """
    fired = read_features(text, figures, attribution, names)
    weights = weighing.weights
    total = weighing.bias + sum(weights.get(name, 0.0) * strength for name, (_, strength) in fired.items())
    return Score(round(1 / (1 + math.exp(-max(-60.0, total))), 4), _reasons(fired, weights))


def read_features(
    text: str,
    figures: Iterable[Figure] | None = None,
    attribution: str | None = None,
    names: frozenset[str] = frozenset(),
) -> dict[str, tuple[str, int]]:
    """Return the features of a sentence: for each its first evidence in the text, and its strength from 1 to 3."""
    words = Words(text[:MAX_SCORED], names)
    fired: dict[str, tuple[str, int]] = {}
    for name, vocabulary in VOCABULARIES.items():
        if found := words.known & vocabulary:
            fired[name] = (words.first_of(found), min(len(found), 3))
    for features in (_figure_features(words, figures), _event_features(words), _form_features(words)):
        for name, detail, strength in features:
            fired[name] = (detail, min(strength, 3))
    if attribution or ("attribution" not in fired and "according" in words.known):
        is_voice = not {"voices", "argued"}.isdisjoint(fired) or not lang.VOICES.isdisjoint(
            (attribution or "").split()
        )
        is_reported = attribution and not is_voice and not _is_quoted(words.text)
        fired["attribution"] = (attribution or "according to", 3 if is_reported else 1)
        official = [word for word in (attribution or "").split() if word.lower().strip(".,") in _OFFICIAL_SOURCES]
        if official and is_reported and "prediction" not in fired and "stance" not in fired:
            fired["official finding"] = (official[0], 1)
    return fired


def names_inside(text: str) -> frozenset[str]:
    """Return the words that a text writes with a capital within its sentences, and never small."""
    inside = {_POSSESSIVE.sub("", word) for word in _INSIDE.findall(text)}
    return frozenset(word for word in inside if word[0].isupper() and word.lower() not in inside)


def _reasons(fired: dict[str, tuple[str, int]], weights: Mapping[str, float]) -> tuple[str, ...]:
    """Name what fired, features of one label together, by how much they weigh."""
    weight: dict[str, float] = {}
    evidence: dict[str, str] = {}
    for name in sorted(fired, key=lambda name: EVIDENCE_ORDER.get(name, 0)):
        label = ("minus " if weights.get(name, 0.0) < 0 else "") + _label(name, fired)
        told = "" if label == "detailed sentence" else fired[name][0]
        weight[label] = weight.get(label, 0) + abs(weights.get(name, 0.0)) * fired[name][1]
        evidence[label] = evidence.get(label) or _SPACES.sub(" ", told)[:80]
    ranked = sorted(weight, key=lambda label: -weight[label])
    reasons = [f"{label}: {evidence[label]}" if evidence[label] else label for label in ranked[:MAX_REASONS]]
    if rest := ranked[MAX_REASONS:]:
        reasons.append("also: " + ", ".join(rest))
    return tuple(reasons)


def _label(name: str, fired: dict[str, tuple[str, int]]) -> str:
    label = LABELS.get(name, name)
    found = fired[name][0].lower()
    if label == "event in the past" and found in _TELLS_NO_ACT:
        return "attribution" if found in _REPORTS and "attribution" in fired else "past tense"
    if name == "policy" and found in _OFFICES:
        return "institution"
    if name == "official source" and ("official finding" in fired or found in lang.DOCUMENTS):
        return "official source"
    return label


class Words:
    """The words of a sentence as written and in lower case, and which of them are names."""

    __slots__ = ("first_name", "known", "low", "names", "numerals", "raw", "text")

    def __init__(self, text: str, names: frozenset[str] = frozenset()) -> None:
        self.text = text
        found = list(_WORD.finditer(text))
        self.raw = [match[0] for match in found]
        # In capitals these two are names: "US" is not "us", "in May" no possibility.
        self.low = [word if word in _CAPITAL_NAMES and place else word.lower() for place, word in enumerate(self.raw)]
        self.known = set(self.low)
        for match in _MISLEADING.finditer(text):
            self.known.difference_update(word.lower() for word in match.groups() if word)
        gaps = [text[one.end() : other.start()] for one, other in pairwise(found)]
        self.names, self.first_name = _names(self.raw, self.low, gaps, names)
        self.numerals = [place for place, word in enumerate(self.raw) if word[0].isdigit() or word[0] in "$£€"]

    def first_of(self, vocabulary: AbstractSet[str]) -> str:
        """Return the first word of the sentence that is in a vocabulary, or an empty string."""
        return next((raw for raw, low in zip(self.raw, self.low, strict=True) if low in vocabulary), "")


def _names(raw: list[str], low: list[str], gaps: list[str], known: frozenset[str]) -> tuple[list[str], int]:
    """Collect runs of capitalised words and the place of the first; `gaps` are what stands between the words."""
    names: list[str] = []
    run: list[str] = []
    first = -1
    for place, word in enumerate(raw):
        if run and gaps[place - 1] != " ":
            names.append(" ".join(run))
            run = []
        is_name = word[0].isupper() and low[place] not in _NO_NAMES and (word != "May" or bool(run))
        if is_name and (place == 0 or _OPENS_ANEW.search(gaps[place - 1])):
            is_name = _opens_with_name(raw[place : place + 2], low[place : place + 2], gaps[place : place + 1], known)
        if is_name:
            run.append(word)
            first = place if first < 0 else first
        elif (
            run and low[place] == "of" and place + 1 < len(raw) and gaps[place] == " " and raw[place + 1][0].isupper()
        ):
            run.append(word)
            continue
        elif run:
            names.append(" ".join(run))
            run = []
        if run and _POSSESSIVE.search(word):
            names.append(" ".join(run))
            run = []
    if run:
        names.append(" ".join(run))
    return [_POSSESSIVE.sub("", name) for name in names], first


def _opens_with_name(raw: list[str], low: list[str], gaps: list[str], known: frozenset[str]) -> bool:
    """Tell whether a word that opens a sentence, the first of two, is a name.

    It is when known as one, in capitals, or going on in a capitalised word.
    """
    word = _POSSESSIVE.sub("", raw[0])
    if word in known or word.split("-")[0].lower() in lang.NAMES:
        return True
    if low[0] in _COMMON_STARTS or low[0].endswith("ly"):
        return False
    if not raw[0][1:].islower() and not raw[0][1:].replace("’", "").replace("'", "").replace("-", "").islower():
        return len(raw[0]) > 1
    if len(raw) == 1 or gaps[0] != " ":
        return False
    return (raw[1][0].isupper() and low[1] not in _NO_NAMES) or low[1] in _SAID


_TELLS_NO_ACT = lang.NO_ACTS | lang.DEEDS_DENIED
_REPORTS = lang.SAYING | lang.SAYING_THAT
_OFFICES = lang.INSTITUTIONS | lang.OFFICIAL
_BODIES = lang.INSTITUTIONS | lang.GROUP_NOUNS
_SAID = frozenset(["said", "says", "told", "added", "warned", "argued"])
_OFFICIAL_SOURCES = lang.OFFICIAL | lang.DOCUMENTS | frozenset(["dod", "general"])
_NO_NAMES = lang.FIRST_SINGULAR | lang.FIRST_PLURAL | lang.SECOND | lang.TIME_WORDS - _CAPITAL_NAMES
_COMMON_STARTS = (
    lang.OPENERS
    | lang.DETERMINERS
    | lang.CLAUSE_OPENERS
    | lang.RELATIVE
    | lang.THIRD
    | lang.PHATIC
    | lang.PREPOSITIONS_KEPT
    | lang.AFTER_SPEAKER
    | lang.GROUP_NOUNS
    | lang.DOCUMENTS
    | lang.NUMBER_WORDS
    | lang.NO_SUBJECTS
)


def _figure_features(words: Words, figures: Iterable[Figure] | None) -> Iterator[tuple[str, str, int]]:
    lesser: list[str] = []
    if figures is None:
        found = [_with_noun(words, place) for place in words.numerals if not _YEAR.fullmatch(words.raw[place])]
        found += [_with_noun(words, place) for place, word in enumerate(words.low) if word in lang.NUMBER_WORDS]
    else:
        counted = [figure for figure in figures if not figure.is_calendar]
        lesser = [_shown(figure, words.text) for figure in counted if _is_lesser(figure, words.text)]
        found = [_shown(figure, words.text) for figure in counted if not _is_lesser(figure, words.text)]
        if parts := [figure for figure in counted if figure.whole is not None]:
            yield "part of a whole", _shown(parts[0], words.text), 1
    if found:
        yield "figure", found[0], len(found)
    if lesser:
        yield "lesser figure", lesser[0], 1
    if "percent" in words.known or not _SIGNS.isdisjoint(words.text):
        yield "share or money", "", 1
    if years := [words.raw[place] for place in words.numerals if _YEAR.fullmatch(words.raw[place])]:
        yield "year", years[0].rstrip("."), 1


def _is_lesser(figure: Figure, text: str) -> bool:
    """Tell whether a figure is a mere duration, a rank, or half of a compound ("three-pronged")."""
    return figure.kind in (Kind.DURATION, Kind.ORDINAL) or text[figure.end : figure.end + 1] in ("-", "‑")


def _shown(figure: Figure, text: str) -> str:
    """Return a figure with the words up to what it counts where that is near, verbatim."""
    unit = figure.unit
    if not unit or unit == "%" or unit in figure.text:
        return figure.text
    near = text.find(unit, figure.end, figure.end + len(unit) + NOUN_WITHIN)
    return figure.text + text[figure.end : near + len(unit)] if near >= 0 else figure.text


def _with_noun(words: Words, place: int) -> str:
    is_counted = place + 1 < len(words.low) and words.low[place + 1] not in lang.DETAIL
    return " ".join(words.raw[place : place + 2]) if is_counted else words.raw[place]


def _event_features(words: Words) -> Iterator[tuple[str, str, int]]:
    if words.names:
        yield "named entity", words.names[0], len(words.names)
    past = [
        place
        for place, low in enumerate(words.low)
        if _is_past(low) and low not in lang.OPINION and words.low[place - 1] not in _NOT_BEFORE_PAST
    ]
    if past:
        telling = [words.raw[place] for place in past if words.low[place] not in lang.NO_ACTS]
        yield "past", telling[0] if telling else words.raw[past[0]], len(past)
    if own := next((words.raw[place] for place in past if place and words.low[place - 1] in _PERSONS), ""):
        yield "own act", own, 1
    if act := _act(words, past):
        has_time = not lang.TIME_WORDS.isdisjoint(words.known) or any(
            _YEAR.fullmatch(words.raw[place]) for place in words.numerals
        )
        yield "act", act, 2 if has_time else 1
    details = sum(low in lang.DETAIL for low in words.low)
    if details > 1:
        yield "detail", "", details - 1
    if turn := _UP_OR_DOWN.search(words.text):
        yield "change", turn[0], 1


def _is_past(low: str) -> bool:
    return low in lang.PAST or (low[-2:] == "ed" and low not in lang.NOT_PAST and bool(_ENDS_PAST.fullmatch(low)))


def _act(words: Words, past: list[int]) -> str:
    """Return the verb of a past act by somebody named: the first such verb behind a name or an institution."""
    subject = next((place for place, low in enumerate(words.low) if low in _BODIES), len(words.low))
    if words.first_name >= 0:
        subject = min(subject, words.first_name)
    for place in past:
        if place > subject and words.low[place] not in lang.NO_ACTS and words.low[place - 1] not in _BEFORE_NOUNS:
            return words.raw[place]
    return ""


_PERSONS = frozenset(["i", "we", "he", "she", "they", "it", "who", "has", "have", "i've", "we've", "he's"])
_NOT_BEFORE_PAST = frozenset(["be", "if", "to", "as", "overly", "so-called"])
_BEFORE_NOUNS = lang.DETERMINERS | lang.PREPOSITIONS_KEPT | frozenset(["not", "than"])


def _form_features(words: Words) -> Iterator[tuple[str, str, int]]:
    if aims := _AIM.findall(words.text):
        yield "aim", aims[0], len(aims)
    if _QUESTION.search(words.text[-12:]):
        yield "question", "", 1
    if _CONDITION.match(words.text):
        yield "condition", "", 1
    if len(words.raw) < 9:
        yield "short sentence", "", 3 if len(words.raw) < 5 else 1
    elif len(words.raw) > 17:
        yield "long sentence", "", 1
    if not words.numerals and _is_mood(words):
        yield "quotation of mood", "", 1


def _is_mood(words: Words) -> bool:
    """Tell whether most of the sentence is a quotation in the first person or full of opinion."""
    return bool(words.known & _MOOD) and _is_quoted(words.text)


def _is_quoted(text: str) -> bool:
    return 2 * sum(map(len, _QUOTED.findall(text))) >= len(text)


_MOOD = lang.FIRST_SINGULAR | lang.FIRST_PLURAL | lang.OPINION
