"""Freshness: in one word and a sentence, whether a published verdict can be relied on today (pure)."""

from dataclasses import dataclass
from datetime import date, timedelta

# A review falls due this long before its date, so that readers hear of it while it can still be met.
DUE_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Freshness:
    """`word` is for machines and stays; `label` and `reason` are for readers."""

    word: str
    label: str
    reason: str


def freshness(*, hold_reason: str, has_disturbed_evidence: bool, review_by: date | None, today: date) -> Freshness:
    """Return current, due, overdue or evidence_changed, the gravest first, and why."""
    if hold_reason:
        return Freshness("evidence_changed", "Evidence changed", hold_reason)
    if has_disturbed_evidence:
        return Freshness(
            "evidence_changed",
            "Evidence changed",
            "A source changed after its quote was confirmed; the desk is looking at it.",
        )
    if review_by is not None and today > review_by:
        return Freshness("overdue", "Overdue", f"The desk meant to look at it again by {_written(review_by)}.")
    if review_by is not None and today >= review_by - DUE_WITHIN:
        return Freshness("due", "Due", f"The desk looks at it again by {_written(review_by)}.")
    return Freshness("current", "Current", "No source is known to have changed since its quote was confirmed.")


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
