"""Cutting: a candidate that holds two statements becomes two, and one that holds half of one is joined to the rest."""

from django.contrib.auth.models import User
from django.db import transaction

from claims import extraction
from claims.errors import CandidateRefused, IntakeRefused
from claims.extraction.clauses import parts_at
from claims.models import Candidate
from sources.text import quote_context

from .training import weighing_in_use
from .versions import require_work

LONGEST = 2000  # code points of a passage that is joined
TAKEN = (Candidate.Decision.ACCEPTED, Candidate.Decision.MERGED)


@transaction.atomic
def split_candidate(*, candidate_id: int, at: int, by: User) -> list[Candidate]:
    """Replace an open candidate by its two parts, cut at a code point of the saved text; return them in order.

    Conjunctions and commas at the cut belong to neither. Raises CandidateRefused when the candidate was decided,
    IntakeRefused for a cut that leaves one part without words.
    """
    require_work(by)
    candidate = _open(candidate_id)
    parts = parts_at(candidate.quote, at - candidate.start) if candidate.start < at < candidate.end else (None, None)
    if None in parts:
        raise IntakeRefused("Cut between two words of the passage.", field="at")
    places = [(candidate.start + part[0], candidate.start + part[1]) for part in parts if part]
    article = candidate.article
    candidate.delete()
    return [_at_place(article, start, end) for start, end in places]


@transaction.atomic
def join_candidate(*, candidate_id: int, side: str, by: User) -> Candidate:
    """Let an open candidate reach over the sentence "before" or "after" it; return it as it is now.

    Open candidates inside go with it. Raises CandidateRefused when one of them was taken, IntakeRefused where no
    sentence follows or the passage would be too long.
    """
    require_work(by)
    candidate = _open(candidate_id)
    article = candidate.article
    assert article.snapshot is not None, "a candidate was cut from a text"
    sentences = extraction.split_sentences(article.snapshot.text)
    if side == "before":
        beside = next((one for one in reversed(sentences) if one.start < candidate.start), None)
        start, end = (beside.start if beside else candidate.start), candidate.end
    else:
        beside = next((one for one in sentences if one.end > candidate.end), None)
        start, end = candidate.start, (beside.end if beside else candidate.end)
    if beside is None:
        raise IntakeRefused(f"No sentence stands {side} this one.")
    if end - start > LONGEST:
        raise IntakeRefused("Joined, it would be longer than a claim can be; mark the passage in the text instead.")
    others = Candidate.objects.select_for_update(of=("self",)).filter(article=article, start__lt=end, end__gt=start)
    others = others.exclude(pk=candidate.pk)
    if taken := others.filter(decision__in=TAKEN).select_related("claim").first():
        became = taken.claim.code if taken.claim else "a claim"
        raise CandidateRefused(f"The sentence {side} it became {became} already.")
    others.filter(decision=Candidate.Decision.OPEN).delete()
    candidate.delete()
    return _at_place(article, start, end)


def _open(candidate_id: int) -> Candidate:
    related = Candidate.objects.select_related("article__snapshot").select_for_update(of=("self",))
    candidate = related.get(pk=candidate_id)
    if candidate.decision != Candidate.Decision.OPEN:
        raise CandidateRefused(f"This passage was already {candidate.get_decision_display().lower()}.")
    return candidate


def _at_place(article, start: int, end: int) -> Candidate:
    """Return the candidate of this place, read as the machine reads one; one that stands there already is kept."""
    text = article.snapshot.text
    quote = text[start:end]
    figures = extraction.read_figures(quote, reference_date=article.snapshot.published_on)
    claimant = extraction.find_claimant(quote)
    name = claimant.name if claimant else ""
    score = extraction.score_sentence(quote, figures=figures, attribution=name or None, weighing=weighing_in_use())
    prefix, suffix = quote_context(text, start, end)
    return Candidate.objects.get_or_create(
        article=article,
        start=start,
        end=end,
        defaults={
            "quote": quote,
            "prefix": prefix,
            "suffix": suffix,
            "score": score.score,
            "reasons": list(score.reasons),
            "claimant": name[:300],
            "figures": [figure.moved(start).as_dict() for figure in figures],
        },
    )[0]
