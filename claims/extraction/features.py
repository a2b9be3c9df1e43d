"""How much a sentence is worth checking: features a reader can follow, each with its weight and its reason.

Weights are rounded by hand. Their order of size follows what annotators of debates and of news agree on:
numbers, change, policy and past events count for; opinion, prediction, questions and the first person against.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claims.extraction import words_en as lang
from claims.extraction.figures.model import Figure

# Longer sentences are lists or noise: what a score needs stands in the beginning.
MAX_SCORED = 2_000
BIAS = -2.6
WEIGHTS = {
    "figure": 0.8,
    "share or money": 0.9,
    "year": 0.4,
    "time": 0.2,
    "named entity": 0.25,
    "attribution": 0.25,
    "official source": 0.1,
    "event in the past": 0.55,
    "past": 0.35,
    "change": 0.3,
    "comparison": 0.4,
    "absolute": 0.1,
    "policy": 0.5,
    "third person": 0.2,
    "perfect": 0.1,
    "long sentence": 0.1,
    "institution": 0.25,
    "deed": 0.6,
    "state of things": 0.3,
    "very many": 0.5,
    "detail": 0.15,
    "question": -1.3,
    "opinion": -0.6,
    "prediction": -0.6,
    "first person": -0.6,
    "we": -0.2,
    "second person": -0.15,
    "short sentence": -0.3,
    "courtesy": -0.2,
    "condition": -0.3,
    "uncertain": -0.3,
    "quotation of mood": -1.0,
    "voices": -0.4,
    "argued": -0.6,
    "ability": -0.4,
    "vague": -0.4,
    "aim": -0.4,
}
VOCABULARIES = {
    "time": lang.TIME_WORDS,
    "attribution": lang.SAYING,
    "official source": lang.OFFICIAL,
    "event in the past": lang.EVENTS,
    "change": lang.CHANGE,
    "comparison": lang.COMPARISON,
    "absolute": lang.QUANTIFIERS,
    "policy": lang.POLICY,
    "third person": lang.THIRD,
    "perfect": frozenset(["has", "have", "had"]),
    "institution": lang.INSTITUTIONS,
    "deed": lang.DEEDS,
    "state of things": lang.PRESENT_STATE,
    "very many": lang.MANY,
    "opinion": lang.OPINION,
    "prediction": lang.PREDICTION,
    "first person": lang.FIRST_SINGULAR,
    "we": lang.FIRST_PLURAL,
    "second person": lang.SECOND,
    "courtesy": lang.PHATIC,
    "uncertain": lang.HEDGES,
    "voices": lang.VOICES,
    "argued": lang.ARGUING,
    "ability": lang.ABILITY,
    "vague": lang.VAGUE,
}

_WORD = re.compile(r"(?:[$£€]\s?)?\d[\d.,]*(?:st|nd|rd|th|%|bn|m|k)?|[^\W\d_]+(?:[-.'’][^\W\d_]+)*")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\.?")
_ENDS_PAST = re.compile(r"[a-z]{2,}ed")
_QUESTION = re.compile(r"\?[\"”’')\]]*\s*$")
_QUOTED = re.compile(r"[“\"][^“”\"]{3,}[”\"]?")
_CONDITION = re.compile(r"\s*[“\"']?(?:if|unless|should|were)\b", re.IGNORECASE)
_AIM = re.compile(
    r"\bto (?:be|have|do|get|go|make|see|give|take|keep|put|work|help|say|know|let|stop|bring|talk|find|ask|show|pay|"
    r"look|deal|start|come|provide|create|build|protect|fight|grow|change|move|become|live|try|hear|use|run|add|win)\b"
)
_SIGNS = frozenset("%$£€")
_CAPITAL_NAMES = frozenset(["US", "May"])
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Score:
    """How worth checking a sentence is, from 0 to 1, and every feature that said so, strongest first."""

    score: float
    reasons: tuple[str, ...]


def score_sentence(text: str, *, figures: Iterable[Figure] | None = None, attribution: str | None = None) -> Score:
    """Score one sentence; the reasons name every feature that fired, those against it introduced by "minus".

    `figures` are those read out of the sentence; without them, plain numerals and number words count.
    `attribution` names a speaker known from the context. Nothing is raised for any string.
    """
    fired = read_features(text, figures, attribution)
    total = BIAS + sum(WEIGHTS[name] * strength for name, (_, strength) in fired.items())
    ranked = sorted(fired, key=lambda name: -abs(WEIGHTS[name] * fired[name][1]))
    return Score(round(1 / (1 + math.exp(-total)), 4), tuple(_reason(name, fired[name][0]) for name in ranked))


def read_features(
    text: str, figures: Iterable[Figure] | None = None, attribution: str | None = None
) -> dict[str, tuple[str, int]]:
    """Return the features of a sentence: for each its first evidence in the text, and its strength from 1 to 3."""
    words = Words(text[:MAX_SCORED])
    fired: dict[str, tuple[str, int]] = {}
    for name, vocabulary in VOCABULARIES.items():
        if found := words.known & vocabulary:
            fired[name] = (words.first_of(found), min(len(found), 3))
    for features in (_figure_features(words, figures), _name_features(words), _form_features(words)):
        for name, detail, strength in features:
            fired[name] = (detail, min(strength, 3))
    if attribution or ("attribution" not in fired and "according" in words.known):
        is_voice = not {"voices", "argued"}.isdisjoint(fired) or not lang.VOICES.isdisjoint(
            (attribution or "").split()
        )
        is_reported = attribution and not is_voice and not _is_quoted(words.text)
        fired["attribution"] = (attribution or "according to", 3 if is_reported else 1)
    return fired


def _reason(name: str, detail: str) -> str:
    sign = "minus " if WEIGHTS[name] < 0 else ""
    return f"{sign}{name}: {_SPACES.sub(' ', detail)[:80]}" if detail else sign + name


class Words:
    """The words of a sentence as written and in lower case, and which of them are names."""

    __slots__ = ("known", "low", "names", "numerals", "raw", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.raw = _WORD.findall(text)
        # In capitals these two are names: "US" is not "us", "in May" no possibility.
        self.low = [word if word in _CAPITAL_NAMES and place else word.lower() for place, word in enumerate(self.raw)]
        self.known = set(self.low)
        self.names = _names(self.raw, self.low)
        self.numerals = [place for place, word in enumerate(self.raw) if word[0].isdigit() or word[0] in "$£€"]

    def first_of(self, vocabulary: frozenset[str]) -> str:
        """Return the first word of the sentence that is in a vocabulary, or an empty string."""
        found = self.known & vocabulary
        if not found:
            return ""
        return next(raw for raw, low in zip(self.raw, self.low, strict=True) if low in found)


def _names(raw: list[str], low: list[str]) -> list[str]:
    """Collect runs of capitalised words; one that opens the sentence counts when the next is a name too."""
    names: list[str] = []
    run: list[str] = []
    for place, word in enumerate(raw):
        is_name = (
            word[0].isupper() and low[place] not in _NO_NAMES and (place > 0 or word[1:2].isupper() or len(word) > 3)
        )
        if is_name:
            run.append(word)
        elif run:
            names.append(" ".join(run))
            run = []
    if run:
        names.append(" ".join(run))
    if names and raw[0][0].isupper() and names[0] == raw[0] and low[0] in _COMMON_STARTS:
        del names[0]
    return names


_NO_NAMES = lang.FIRST_SINGULAR | lang.FIRST_PLURAL | lang.SECOND | lang.TIME_WORDS
_COMMON_STARTS = (
    lang.DETERMINERS
    | lang.CLAUSE_OPENERS
    | lang.RELATIVE
    | lang.THIRD
    | lang.PHATIC
    | lang.PREPOSITIONS_KEPT
    | lang.AFTER_SPEAKER
    | lang.GROUP_NOUNS
    | lang.NUMBER_WORDS
    | frozenset(
        [
            "there",
            "here",
            "how",
            "why",
            "not",
            "now",
            "they're",
            "under",
            "over",
            "more",
            "most",
            "between",
            "during",
            "our",
            "even",
        ]
    )
)


def _figure_features(words: Words, figures: Iterable[Figure] | None) -> Iterator[tuple[str, str, int]]:
    if figures is None:
        found = [_with_noun(words, place) for place in words.numerals if not _YEAR.fullmatch(words.raw[place])]
        found += [_with_noun(words, place) for place, word in enumerate(words.low) if word in lang.NUMBER_WORDS]
    else:
        found = [figure.text + _noun(figure) for figure in figures if not figure.is_calendar]
    if found:
        yield "figure", found[0], len(found)
    if "percent" in words.known or not _SIGNS.isdisjoint(words.text):
        yield "share or money", "", 1
    if years := [words.raw[place] for place in words.numerals if _YEAR.fullmatch(words.raw[place])]:
        yield "year", years[0], 1


def _noun(figure: Figure) -> str:
    unit = figure.unit
    return f" {unit}" if unit and unit not in "%" and unit not in figure.text else ""


def _with_noun(words: Words, place: int) -> str:
    return " ".join(words.raw[place : place + 2])


def _name_features(words: Words) -> Iterator[tuple[str, str, int]]:
    if words.names:
        yield "named entity", words.names[0], len(words.names)
    past = [low for low in words.low if low[-2:] == "ed" and _ENDS_PAST.fullmatch(low) and low not in lang.NOT_PAST]
    past += [low for low in words.low if low in lang.PAST]
    if past:
        yield "past", past[0], len(past)
    details = sum(low in lang.DETAIL for low in words.low)
    if details > 1:
        yield "detail", "", details - 1


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
