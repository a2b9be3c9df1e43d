"""Sentences of an article worth checking, best first, each with its claimant, its figures and the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims.extraction.claimants import Attribution, find_claimants
from claims.extraction.features import SHIPPED, Weighing, names_inside, score_sentence
from claims.extraction.figures import Figure, read_figures
from claims.extraction.furniture import dateline_end, find_furniture
from claims.extraction.sentences import Sentence, split_sentences


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may hold a claim: `article[start:end] == text`.

    `start` and `end`, also those of its figures, are code points of the article. `claimant` is whoever the
    article attributes the statement to, None where it speaks in its own voice.
    """

    start: int
    end: int
    text: str
    score: float
    reasons: tuple[str, ...]
    claimant: str | None
    figures: tuple[Figure, ...]


def extract_candidates(
    text: str, *, reference_date: date | None = None, weighing: Weighing = SHIPPED
) -> list[Candidate]:
    """Return the sentences of an article worth checking, best first; equal scores keep the article's order.

    Headings, bylines, datelines, captions and footers are not among them. `reference_date` is the day the
    article appeared, for its "last March"; `weighing` stands for the shipped weights. Nothing is raised for any
    string; the time is linear.
    """
    sentences = split_sentences(text)
    furniture = find_furniture(text, sentences)
    running = [_behind_dateline(s) for s, kind in zip(sentences, furniture, strict=True) if not kind]
    claimants = find_claimants(text, running)
    candidates = _candidates(running, claimants, reference_date, weighing)
    return sorted(candidates, key=lambda candidate: -candidate.score)


def _candidates(
    sentences: Sequence[Sentence],
    claimants: Sequence[Attribution | None],
    reference_date: date | None,
    weighing: Weighing,
) -> list[Candidate]:
    candidates = []
    names = names_inside("\n".join(sentence.text for sentence in sentences))
    for sentence, claimant in zip(sentences, claimants, strict=True):
        figures = tuple(read_figures(sentence.text, reference_date=reference_date))
        name = claimant.name if claimant else None
        score = score_sentence(sentence.text, figures=figures, attribution=name, names=names, weighing=weighing)
        candidates.append(
            Candidate(
                start=sentence.start,
                end=sentence.end,
                text=sentence.text,
                score=score.score,
                reasons=score.reasons,
                claimant=name,
                figures=tuple(figure.moved(sentence.start) for figure in figures),
            )
        )
    return candidates


def _behind_dateline(sentence: Sentence) -> Sentence:
    skipped = dateline_end(sentence.text)
    return Sentence(sentence.start + skipped, sentence.end, sentence.text[skipped:]) if skipped else sentence
