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
BIAS = -2.0
WEIGHTS = {
    "figure": 0.9,
    "figures": 0.4,
    "share or money": 0.4,
    "time": 0.3,
    "named entity": 0.3,
    "named entities": 0.3,
    "attribution": 0.3,
    "official source": 0.2,
    "event in the past": 0.4,
    "past": 0.3,
    "change": 0.5,
    "comparison": 0.3,
    "absolute": 0.2,
    "policy": 0.5,
    "policies": 0.3,
    "third person": 0.2,
    "perfect": 0.2,
    "long sentence": 0.3,
    "question": -1.2,
    "opinion": -0.5,
    "opinions": -0.4,
    "prediction": -0.5,
    "first person": -0.6,
    "we": -0.2,
    "second person": -0.5,
    "short sentence": -0.8,
    "very short sentence": -1.2,
    "courtesy": -0.8,
    "condition": -0.3,
    "uncertain": -0.3,
    "heading": -3.0,
    "boilerplate": -4.0,
    "quotation of mood": -0.8,
    "voices": -0.3,
    "institution": 0.3,
    "deed": 0.5,
    "state of things": 0.3,
    "very many": 0.3,
    "detail": 0.3,
    "much detail": 0.3,
    "ability": -0.5,
    "vague": -0.3,
    "aim": -0.5,
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
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Score:
    """How worth checking a sentence is, from 0 to 1, and every feature that said so, strongest first."""

    score: float
    reasons: tuple[str, ...]


def score_sentence(
    text: str, *, figures: Iterable[Figure] | None = None, attribution: str | None = None, furniture: str = ""
) -> Score:
    """Score one sentence; the reasons name every feature that fired, those against it introduced by "minus".

    `figures` are those read out of the sentence; without them, plain numerals and number words count.
    `attribution` names a speaker known from the context, `furniture` what part of a page the sentence is
    ("heading", "boilerplate"). Nothing is raised for any string.
    """
    words = Words(text[:MAX_SCORED])
    fired: dict[str, str] = {}
    for name, detail in (
        *_figure_features(words, figures),
        *_content_features(words),
        *_stance_features(words),
        *_form_features(words),
        *((("attribution", attribution),) if attribution else _attribution_features(words)),
        *(((furniture, ""),) if furniture in WEIGHTS else ()),
    ):
        fired.setdefault(name, detail)
    total = BIAS + sum(WEIGHTS[name] for name in fired)
    ranked = sorted(fired, key=lambda name: -abs(WEIGHTS[name]))
    return Score(round(1 / (1 + math.exp(-total)), 4), tuple(_reason(name, fired[name]) for name in ranked))


def _reason(name: str, detail: str) -> str:
    sign = "minus " if WEIGHTS[name] < 0 else ""
    return f"{sign}{name}: {_SPACES.sub(' ', detail)[:80]}" if detail else sign + name


class Words:
    """The words of a sentence as written and in lower case, and which of them are names."""

    __slots__ = ("known", "low", "names", "numerals", "raw", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.raw = _WORD.findall(text)
        self.low = [word.lower() for word in self.raw]
        self.known = set(self.low)
        self.names = _names(self.raw, self.low)
        self.numerals = [place for place, word in enumerate(self.raw) if word[0].isdigit() or word[0] in "$£€"]

    def first_of(self, vocabulary: frozenset[str]) -> str:
        """Return the first word of the sentence that is in a vocabulary, or an empty string."""
        found = self.known & vocabulary
        if not found:
            return ""
        return next(raw for raw, low in zip(self.raw, self.low, strict=True) if low in found)

    def count(self, vocabulary: frozenset[str]) -> int:
        """Count the different words of the sentence that are in a vocabulary."""
        return len(self.known & vocabulary)


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


def _figure_features(words: Words, figures: Iterable[Figure] | None) -> Iterator[tuple[str, str]]:
    if figures is None:
        found = [_with_noun(words, place) for place in words.numerals if not _YEAR.fullmatch(words.raw[place])]
        found += [_with_noun(words, place) for place, word in enumerate(words.low) if word in lang.NUMBER_WORDS]
    else:
        found = [figure.text + _noun(figure) for figure in figures if not figure.is_calendar]
    if found:
        yield "figure", found[0]
    if len(found) > 1:
        yield "figures", found[1]
    if "%" in words.text or "$" in words.text or "£" in words.text or "€" in words.text or "percent" in words.known:
        yield "share or money", ""
    when = words.first_of(lang.TIME_WORDS) or next(
        (words.raw[place] for place in words.numerals if _YEAR.fullmatch(words.raw[place])), ""
    )
    if when:
        yield "time", when


def _noun(figure: Figure) -> str:
    unit = figure.unit
    return f" {unit}" if unit and unit not in "%" and unit not in figure.text else ""


def _with_noun(words: Words, place: int) -> str:
    return " ".join(words.raw[place : place + 2])


def _content_features(words: Words) -> Iterator[tuple[str, str]]:
    if words.names:
        yield "named entity", words.names[0]
    if len(words.names) > 2:
        yield "named entities", ", ".join(words.names[1:3])
    past = words.first_of(lang.PAST) or next(
        (low for low in words.low if low[-2:] == "ed" and _ENDS_PAST.fullmatch(low) and low not in lang.NOT_PAST), ""
    )
    event = words.first_of(lang.EVENTS)
    if event:
        yield "event in the past", event
    if past:
        yield "past", past
    if {"has", "have", "had"} & words.known:
        yield "perfect", ""
    for name, vocabulary in (("change", lang.CHANGE), ("comparison", lang.COMPARISON), ("absolute", lang.QUANTIFIERS)):
        if word := words.first_of(vocabulary):
            yield name, word
    if word := words.first_of(lang.POLICY):
        yield "policy", word
        if words.count(lang.POLICY) > 1:
            yield "policies", ""
    for name, vocabulary in (
        ("third person", lang.THIRD),
        ("institution", lang.INSTITUTIONS),
        ("deed", lang.DEEDS),
        ("state of things", lang.PRESENT_STATE),
        ("very many", lang.MANY),
    ):
        if word := words.first_of(vocabulary):
            yield name, word
    details = sum(word in lang.DETAIL for word in words.low)
    if details > 2:
        yield "detail", ""
    if details > 4:
        yield "much detail", ""


def _stance_features(words: Words) -> Iterator[tuple[str, str]]:
    if opinion := words.first_of(lang.OPINION):
        yield "opinion", opinion
        if words.count(lang.OPINION) > 1:
            yield "opinions", ""
    for name, vocabulary in (
        ("prediction", lang.PREDICTION),
        ("first person", lang.FIRST_SINGULAR),
        ("we", lang.FIRST_PLURAL),
        ("second person", lang.SECOND),
        ("courtesy", lang.PHATIC),
        ("uncertain", lang.HEDGES),
        ("voices", lang.VOICES),
        ("ability", lang.ABILITY),
        ("vague", lang.VAGUE),
    ):
        if word := words.first_of(vocabulary):
            yield name, word


def _form_features(words: Words) -> Iterator[tuple[str, str]]:
    if aim := _AIM.search(words.text):
        yield "aim", aim.group()
    if _QUESTION.search(words.text[-12:]):
        yield "question", ""
    if _CONDITION.match(words.text):
        yield "condition", ""
    if len(words.raw) < 5:
        yield "very short sentence", ""
    elif len(words.raw) < 9:
        yield "short sentence", ""
    elif len(words.raw) > 17:
        yield "long sentence", ""
    if not words.numerals and _is_mood(words):
        yield "quotation of mood", ""


def _is_mood(words: Words) -> bool:
    """Tell whether most of the sentence is a quotation in the first person or full of opinion."""
    quoted = sum(len(quote) for quote in _QUOTED.findall(words.text))
    if quoted * 2 < len(words.text):
        return False
    return bool(words.known & _MOOD)


_MOOD = lang.FIRST_SINGULAR | lang.FIRST_PLURAL | lang.OPINION


def _attribution_features(words: Words) -> Iterator[tuple[str, str]]:
    if verb := words.first_of(lang.SAYING):
        yield "attribution", verb
    elif "according" in words.known:
        yield "attribution", "according to"
    if source := words.first_of(lang.OFFICIAL):
        yield "official source", source
