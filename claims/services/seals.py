"""The seal: what a verdict rested on, frozen as one canonical JSON with one SHA-256."""

from datetime import datetime

from claims.formats.canonical import canonical_json, sha256
from claims.formats.document import figure_document, moment, passage_document
from claims.models import Claim, Seal, Verdict


def seal_verdict(*, claim: Claim, verdict: Verdict, now: datetime) -> Seal:
    """Freeze quotes, surroundings, snapshot hashes, stances, figures and reviewers of this verdict."""
    passages = ("snapshot__source__publisher",)
    document = canonical_json(
        {
            "claim": claim.code,
            "text": claim.text,
            "round": verdict.round,
            "rating": verdict.rating.slug,
            "figures": [figure_document(figure) for figure in claim.figures.all()],
            "evidence": [
                {
                    "stance": item.stance,
                    "figures": item.figures,
                    "raw_sha256": item.snapshot.raw_sha256,
                    **passage_document(item),
                }
                for item in claim.evidence.accepted().select_related(*passages)
            ],
            "appearances": [
                {"raw_sha256": item.snapshot.raw_sha256, **passage_document(item)}
                for item in claim.appearances.select_related(*passages)
            ],
            "reviewers": [
                {"reviewer": review.reviewer_id, "rating": review.rating.slug, "at": moment(review.reviewed_at)}
                for review in claim.reviews.filter(round=verdict.round).select_related("rating")
            ],
            "sealed_at": moment(now),
        }
    )
    return Seal.objects.create(verdict=verdict, document=document, sha256=sha256(document), sealed_at=now)
