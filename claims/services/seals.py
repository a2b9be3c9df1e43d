"""Seals: what a verdict rests on, frozen as one canonical JSON with one SHA-256 when it is decided."""

import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery

from claims import extraction, permissions
from claims.formats.canonical import canonical_json, sha256
from claims.formats.document import moment
from claims.formats.seal import appearance_entry, evidence_entry, reviewer_entry, rule_entry, seal_document
from claims.models import Appearance, Claim, Contradiction, Evidence, QuoteCheck, Seal, SealSalt, Verdict

from .contradictions import contradictions_of, figures_of
from .policies import current_policy
from .rules import origins_of, overrides_of


def seal_verdict(*, claim: Claim, verdict: Verdict, now: datetime, approved_by: User | None = None) -> Seal:
    """Freeze what this verdict rests on now, and return its seal; the current one where nothing differs from it.

    Called when reviewers agree, when a person approves the revision for publication, and when an alert is
    answered by the same meaning; always in the transaction that does so.
    """
    document = _document(claim, verdict, approved_by)
    current = verdict.seals.first()
    if current is not None and _without_moment(current.document) == document:
        return current
    body = canonical_json({**document, "sealed_at": moment(now)})
    return Seal.objects.create(verdict=verdict, document=body, sha256=sha256(body), sealed_at=now)


def seal_seen_by(user: Any, claim: Claim) -> Seal | None:
    """Return the claim's current seal as this person may see it, or None.

    The desk sees that of the newest verdict; everybody else that of the verdict which is published.
    """
    if permissions.can_view_desk(user):
        return Seal.objects.filter(verdict__claim=claim).order_by("-verdict__round", "-sealed_at", "-pk").first()
    if not claim.is_public:
        return None
    told = claim.publications.select_related("seal").latest()
    return Seal.objects.filter(verdict=told.seal.verdict_id).first() if told.seal else None


def _without_moment(body: str) -> dict[str, Any]:
    document = json.loads(body)
    document.pop("sealed_at", None)
    return document


def _document(claim: Claim, verdict: Verdict, approved_by: User | None) -> dict[str, Any]:
    evidence = list(_with_check(claim.evidence.accepted(), "evidence"))
    appearances = list(_with_check(claim.appearances, "appearance"))
    contradictions = list(contradictions_of(claim))
    own = {row.evidence_id: row for row in contradictions if row.evidence_id}
    figures = figures_of(claim)
    return seal_document(
        claim=claim,
        verdict=verdict,
        evidence=[
            evidence_entry(
                item,
                check=_check(item),
                comparisons=_comparisons(figures, item),
                contradiction=_contradiction(own.get(item.pk)),
            )
            for item in evidence
        ],
        appearances=[appearance_entry(item, check=_check(item)) for item in appearances],
        reviewers=_reviewers(claim, verdict),
        rules=_rules(claim, verdict, evidence, contradictions, approved_by),
    )


def _with_check(passages: Any, field: str) -> QuerySet:
    """Return passages with their sources and with the newest look at their quotes since they were captured."""
    since = {field: OuterRef("pk"), "snapshot__fetched_at__gt": OuterRef("snapshot__fetched_at")}
    newest = QuoteCheck.objects.filter(**since).order_by("-checked_at", "-pk")
    return passages.select_related("snapshot__source__publisher").annotate(
        check_result=Subquery(newest.values("result")[:1]),
        check_text=Subquery(newest.values("snapshot__text_sha256")[:1]),
    )


def _check(passage: Evidence | Appearance) -> dict[str, str] | None:
    """Return the newest look at a quote, or None where its source has not changed since it was captured."""
    result = passage.check_result  # type: ignore[union-attr]
    return {"result": result, "text_sha256": passage.check_text} if result else None  # type: ignore[union-attr]


def _comparisons(figures: list[Any], evidence: Evidence) -> list[dict[str, str]]:
    given = [extraction.Figure.from_dict(figure) for figure in evidence.figures]
    return [
        {
            "claim": item.claim.text,
            "evidence": item.other.text,
            "result": str(item.found.result),
            "rule": item.found.rule,
            "reason": item.found.reason,
        }
        for item in extraction.nearest_figures(figures, [figure for figure in given if not figure.is_calendar])
    ]


def _contradiction(row: Contradiction | None) -> dict[str, str] | None:
    """Return what the machine found; a person's words about it stay at the desk."""
    return {"reason": row.reason, "state": "open" if row.is_open else "dismissed"} if row else None


def _reviewers(claim: Claim, verdict: Verdict) -> list[dict[str, Any]]:
    reviews = list(claim.reviews.filter(round=verdict.round).select_related("rating"))
    people = {review.reviewer_id for review in reviews}
    missing = people - set(SealSalt.objects.filter(person__in=people).values_list("pk", flat=True))
    SealSalt.objects.bulk_create(
        (SealSalt(person_id=pk, salt=secrets.token_hex(32)) for pk in sorted(missing)), ignore_conflicts=True
    )
    salts = dict(SealSalt.objects.filter(person__in=people).values_list("pk", "salt"))
    return [reviewer_entry(review, salt=salts[review.reviewer_id], code=claim.code) for review in reviews]


def _rules(
    claim: Claim,
    verdict: Verdict,
    evidence: list[Evidence],
    contradictions: list[Contradiction],
    approved_by: User | None,
) -> list[dict[str, Any]]:
    """Return the desk's rules with their results, in a fixed order."""
    agreeing = claim.reviews.filter(round=verdict.round, rating=verdict.rating).count()
    people = permissions.author_ids(claim) | ({approved_by.pk} if approved_by else set())
    open_pairs = [row for row in contradictions if row.is_open]
    unlooked = (None, QuoteCheck.Result.INTACT)
    needed, policy = 1 if settings.DESK_OF_ONE else 2, current_policy()
    why = {name: override.reason for name, override in overrides_of(claim).items()}
    entries: list[tuple[str, int, int | None]] = [
        ("accepted_evidence", len(evidence), 1),
        ("agreeing_reviews", agreeing, policy.reviews_required),
        ("two_persons", min(len(people), needed), needed),
        (
            "independent_origins",
            origins_of(evidence),
            policy.origins_required if policy.origins_required > 1 else None,
        ),
        ("quotes_intact", sum(item.check_result in unlooked for item in evidence), len(evidence)),  # type: ignore[attr-defined]
        ("contradictions_explained", len(contradictions) - len(open_pairs), len(contradictions)),
    ]
    if "own_draft" in why:
        entries.append(("own_draft", 0, 1))
    return [
        rule_entry(rule, found=found, required=required, override=why.get(rule, ""))
        for rule, found, required in entries
    ]
