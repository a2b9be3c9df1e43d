"""Freshness: in one word and a sentence, whether a published verdict can be relied on today (pure)."""

from dataclasses import dataclass
from datetime import date, timedelta

# A review falls due this long before its date, so that readers hear of it while it can still be met.
DUE_WITHIN = timedelta(days=14)

LABELS = {"current": "Current", "due": "Due", "overdue": "Overdue", "evidence_changed": "Evidence changed"}


@dataclass(frozen=True)
class Freshness:
    """`word` is for machines and stays; `label` and `reason` are for readers."""

    word: str
    reason: str

    @property
    def label(self) -> str:
        return LABELS[self.word]


def freshness(*, hold_reason: str, evidence_reason: str, review_by: date | None, today: date) -> Freshness:
    """Return current, due, overdue or evidence_changed, the gravest first, and why.

    `evidence_reason` says what became of a source the verdict rests on, once that is confirmed; empty if nothing did.
    """
    if hold_reason or evidence_reason:
        return Freshness("evidence_changed", hold_reason or evidence_reason)
    if review_by is not None and today > review_by:
        return Freshness("overdue", f"The desk meant to look at it again by {_written(review_by)}.")
    if review_by is not None and today >= review_by - DUE_WITHIN:
        return Freshness("due", f"The desk looks at it again by {_written(review_by)}.")
    return Freshness("current", "No source is known to have changed since its quote was confirmed.")


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
