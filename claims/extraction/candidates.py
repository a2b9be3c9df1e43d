"""Sentences worth checking, best first, each with the reasons for its score."""

import math
import re
from dataclasses import dataclass
from datetime import date

from claims.extraction.claimants import Attribution, find_claimant
from claims.extraction.figures import Figure, Kind, read_figures
from claims.extraction.sentences import Sentence, split_sentences

# Weights of a logistic sum, set by hand; a sentence with nothing to say for it starts below one in five.
BASE = -1.6
WEIGHTS = {
    "figure": 1.3,
    "more figures": 0.4,
    "period": 0.4,
    "named entity": 0.5,
    "more named entities": 0.3,
    "attribution": 0.5,
    "event in the past": 0.8,
    "policy or public matter": 0.8,
    "comparison": 0.5,
    "question": -2.0,
    "opinion": -0.9,
    "prediction": -0.8,
    "first person": -0.5,
    "short": -1.2,
}
_PAST = re.compile(
    r"\b(?:was|were|had|did|has|have|killed|lost|won|rose|fell|cut|built|spent|went|made|took|gave|left|paid|voted|"
    r"[a-z]{3,}ed)\b"
)
_POLICY = re.compile(
    r"\b(?:tax(?:es)?|jobs?|unemployment|billion|million|percent|budget|deficit|debt|crime|immigra\w+|health\w*|"
    r"troops|attacks?|military|trade|wages?|economy|energy|oil|education|schools?|police|law|elections?|seats)\b",
    re.IGNORECASE,
)
_COMPARISON = re.compile(r"\b(?:more|less|fewer|higher|lower|largest|highest|lowest|doubled|tripled|increased?)\b")
_OPINION = re.compile(
    r"\b(?:I think|I believe|believe[s]?|should|ought|great|terrible|wonderful|disaster|must|need to|"
    r"important|beautiful|hope|maybe|perhaps|want|love)\b",
    re.IGNORECASE,
)
_PREDICTION = re.compile(
    r"\b(?:will|would|could|might|may|shall|likely|going to|expected to|plans? to)\b|\w’ll\b|'ll\b"
)
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|we|us|our|let’s|let's|you|your)\b", re.IGNORECASE)
_ENTITY = re.compile(r"(?<=[a-z,;] )[A-Z][\w’.-]+(?: [A-Z][\w’.-]+)*|\b[A-Z]{2,}\b")
_BOILERPLATE = re.compile(
    r"^(?:please let us know|comments? (?:are|is) closed|read more|subscribe|sign up|follow us|share this|"
    r"copyright|©|all rights reserved|advertisement|click here|photo(?:graph)?:|by [A-Z][a-z]+ [A-Z][a-z]+$|"
    r"related:|see also|updated|published|posted|for more on|this article|the associated press$)",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…][”’\"')\]\d]*$")


@dataclass(frozen=True, slots=True)
class Score:
    """How worth checking a sentence is, 0 to 1, and every feature that moved it."""

    score: float
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may hold a claim; offsets, also those of its figures, are code points of the article."""

    start: int
    end: int
    text: str
    score: float
    reasons: list[str]
    claimant: str | None
    figures: list[Figure]


def score_sentence(text: str) -> Score:
    """Score one sentence by itself; the reasons name each feature, in the order of WEIGHTS."""
    return _score(text, read_figures(text), find_claimant(text))


def extract_candidates(text: str, *, reference_date: date | None = None) -> list[Candidate]:
    """Return the sentences of an article worth checking, best first; equal scores keep the article's order.

    Headings, bylines and other boilerplate are not among them. Nothing is raised for any string.
    """
    candidates = []
    previous: Attribution | None = None
    for sentence in split_sentences(text):
        if not is_statement(sentence.text):
            continue
        found = find_claimant(sentence.text, previous)
        previous = found or previous
        claimant = found or (previous if _is_quoted(sentence) else None)
        figures = _placed(sentence, reference_date)
        score = _score(sentence.text, figures, claimant)
        name = claimant.name if claimant else None
        candidates.append(
            Candidate(sentence.start, sentence.end, sentence.text, score.score, score.reasons, name, figures)
        )
    return sorted(candidates, key=lambda candidate: -candidate.score)


def is_statement(text: str) -> bool:
    """Tell whether a sentence is running text: no heading, byline or footer."""
    return bool(_ENDED.search(text)) and not _BOILERPLATE.match(text) and len(text.split()) > 3


def _is_quoted(sentence: Sentence) -> bool:
    return sentence.text.startswith(("“", '"'))


def _placed(sentence: Sentence, reference: date | None) -> list[Figure]:
    return [figure.moved(sentence.start) for figure in read_figures(sentence.text, reference_date=reference)]


def _score(text: str, figures: list[Figure], claimant: Attribution | None) -> Score:
    fired = _features(text, figures, claimant)
    total = BASE + sum(WEIGHTS[name] for name, _ in fired)
    reasons = [f"{name}: {detail}" if detail else name for name, detail in fired]
    return Score(round(1 / (1 + math.exp(-total)), 3), reasons)


def _features(text: str, figures: list[Figure], claimant: Attribution | None) -> list[tuple[str, str]]:
    counted = [f for f in figures if not f.is_calendar and f.kind != Kind.ORDINAL]
    names = _ENTITY.findall(text)
    fired = []
    if counted:
        first = counted[0]
        fired.append(("figure", first.text if first.unit in ("", "%") else f"{first.text} {first.unit}"))
    if len(counted) > 1:
        fired.append(("more figures", ", ".join(figure.text for figure in counted[1:])))
    if len(counted) < len(figures):
        fired.append(("period", next(f.text for f in figures if f not in counted)))
    if names:
        fired.append(("named entity", names[0]))
    if len(names) > 2:
        fired.append(("more named entities", ", ".join(names[1:])))
    if claimant:
        fired.append(("attribution", claimant.name))
    patterns = {
        "event in the past": _PAST,
        "policy or public matter": _POLICY,
        "comparison": _COMPARISON,
        "opinion": _OPINION,
        "prediction": _PREDICTION,
        "first person": _FIRST_PERSON,
    }
    fired += [(name, match.group()) for name, pattern in patterns.items() if (match := pattern.search(text))]
    if "?" in text[-3:]:
        fired.append(("question", ""))
    if text.count(" ") < 6:
        fired.append(("short", ""))
    return fired
