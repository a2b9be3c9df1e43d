"""The document of a seal: what a verdict rested on, as data whose canonical JSON is hashed (format 2).

Format 2 has a format number, the id of each snapshot, the last quote check, the figures compared, the rules
and people as salted hashes; format 1 had none of them. A number that is no integer is a string, as RFC 8785
leaves no choice there.
"""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from claims.models import Appearance, Claim, Evidence, Review, Verdict

from .document import figure_document, moment, passage_document

FORMAT = 2


def exact(value: Any) -> Any:
    """Return JSON data with every number that is no integer as a string: 7.5 as "7.5"."""
    if isinstance(value, float):
        plain = Decimal(str(value))
        return int(plain) if plain == plain.to_integral_value() else format(plain, "f")
    if isinstance(value, Mapping):
        return {name: exact(member) for name, member in value.items()}
    if isinstance(value, list):
        return [exact(member) for member in value]
    return value


def person_mark(*, salt: str, code: str, person_id: int) -> str:
    """Return how a person stands in the seals of one claim: a SHA-256 that nobody can tell without their salt."""
    return hashlib.sha256(f"{salt}:{code}:{person_id}".encode()).hexdigest()


def evidence_entry(
    evidence: Evidence,
    *,
    check: Mapping[str, Any] | None,
    comparisons: list[dict[str, str]],
    contradiction: Mapping[str, str] | None,
) -> dict[str, Any]:
    """Describe a piece of evidence with its figures beside the claim's, and the newest look at its quote."""
    return {
        "stance": evidence.stance,
        "figures": exact(evidence.figures),
        "comparisons": comparisons,
        "contradiction": contradiction,
        "check": check,
        **_passage(evidence),
    }


def appearance_entry(appearance: Appearance, *, check: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"check": check, **_passage(appearance)}


def _passage(passage: Evidence | Appearance) -> dict[str, Any]:
    return {
        "snapshot": passage.snapshot_id,
        "raw_sha256": passage.snapshot.raw_sha256,
        **passage_document(passage),
    }


def reviewer_entry(review: Review, *, salt: str, code: str) -> dict[str, Any]:
    return {
        "reviewer": person_mark(salt=salt, code=code, person_id=review.reviewer_id),
        "rating": review.rating.slug,
        "at": moment(review.reviewed_at),
    }


def rule_entry(rule: str, *, found: int, required: int | None = None, override: str = "") -> dict[str, Any]:
    """Describe a rule of the desk and how it came out: met or not_met; counted where nothing is required.

    One that a desk lead made an exception from is overridden, with the reason.
    """
    result = "counted" if required is None else "met" if found >= required else "not_met"
    entry = {"rule": rule, "required": required, "found": found, "result": result}
    return {**entry, "result": "overridden", "reason": override} if override and result == "not_met" else entry


def seal_document(
    *,
    claim: Claim,
    verdict: Verdict,
    evidence: Iterable[dict[str, Any]],
    appearances: Iterable[dict[str, Any]],
    reviewers: Iterable[dict[str, Any]],
    rules: Iterable[dict[str, Any]],
) -> dict[str, Any]:
    """Describe what a verdict rests on; the moment of sealing is added when it is sealed.

    The reviewers' reasons, notes and names are not in it, nor what other claims say.
    """
    return {
        "format": FORMAT,
        "claim": claim.code,
        "text": claim.text,
        "round": verdict.round,
        "rating": verdict.rating.slug,
        "figures": exact([figure_document(figure) for figure in claim.figures.all()]),
        "evidence": list(evidence),
        "appearances": list(appearances),
        "reviewers": list(reviewers),
        "rules": list(rules),
    }
