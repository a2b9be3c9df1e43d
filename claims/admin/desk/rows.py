"""A row of the queue: everything a reviewer asks of a claim before opening it, in a fixed number of queries."""

from collections import defaultdict
from typing import Any

from django.db.models import Count
from django.utils import timezone

from claims.models import AlertItem, Appearance, Article, Claim, Evidence, Review, Verdict
from claims.services.freshness import freshness_of
from claims.services.presence import present_at
from claims.services.rules import origins_of
from sources.models import Source

W = Claim.Workflow
TO_JUDGE = (W.UNSTARTED, W.IN_PROGRESS, W.REOPENED)
L = Source.LinkState
# Of several sources the row shows the worst.
_WORST_FIRST = (L.DEAD, L.DEVIATED, L.FAILING, L.BLOCKED, L.MOVED, L.UNKNOWN, L.LIVE)


def rows(claim_ids, viewer):
    """Return these claims in this order, each with what its row shows."""
    now = timezone.now()
    found = Claim.objects.filter(pk__in=claim_ids).select_related("assignee").prefetch_related("claimants", "figures")
    claims: dict[int, Any] = {claim.pk: claim for claim in found}  # with what the template shows on them
    ids = list(claims)
    evidence = _evidence(ids)
    said = _said(ids)
    reviews = _reviews(ids)
    verdicts = {(v.claim_id, v.round): v for v in Verdict.objects.filter(claim__in=ids).defer("explanation")}
    written = set(
        Verdict.objects.filter(claim__in=ids).exclude(finding="").exclude(explanation="").values_list("pk", flat=True)
    )
    alerted = set(
        AlertItem.objects.unanswered().filter(alert__answered_at=None, claim__in=ids).values_list("claim", flat=True)
    )
    fresh = freshness_of(claims.values(), today=timezone.localdate(now))
    here = present_at(ids, besides=viewer, now=now)
    told = dict(
        Claim.objects.filter(pk__in=ids, publications__isnull=False)
        .values_list("pk")
        .annotate(n=Count("publications"))
    )
    for claim in claims.values():
        passages = evidence.get(claim.pk, [])
        judged = reviews.get((claim.pk, claim.review_round), [])
        verdict = verdicts.get((claim.pk, claim.review_round))
        claim.evidence_count = len(passages)
        claim.origin_count = origins_of(passages)
        claim.link_state = _worst(passages)
        claim.article = said.get(claim.pk)
        claim.is_judged_by_me = viewer.pk in {reviewer for reviewer, _ in judged}
        claim.is_disputed = claim.workflow == W.CROSS_CHECKING and len({rating for _, rating in judged}) > 1
        claim.is_written = verdict is not None and verdict.pk in written
        claim.last_published_at = told.get(claim.pk)
        claim.has_alert = claim.pk in alerted
        claim.is_overdue = claim.review_by is not None and claim.review_by < timezone.localdate(now)
        claim.fresh = fresh[claim.pk] if claim.is_public else None
        claim.here = here.get(claim.pk, [])
        claim.is_free = claim.assignee_id is None and claim.workflow in TO_JUDGE
        claim.needs = needs(claim)
    return [claims[pk] for pk in claim_ids if pk in claims]


def _evidence(ids):
    found = defaultdict(list)
    passages = Evidence.objects.accepted().filter(claim__in=ids).select_related("snapshot__source")
    asked = ("link_state", "origin", "url")
    for item in passages.only("claim", "stance", *(f"snapshot__source__{name}" for name in asked)):
        found[item.claim_id].append(item)
    return found


def _worst(passages):
    states = {item.snapshot.source.link_state for item in passages if item.snapshot.source.url}
    return next((state for state in _WORST_FIRST if state in states), None)


def _said(ids):
    """Return for each claim the article, or else the source, in which it was said first."""
    found: dict[int, Any] = {}
    rows = Appearance.objects.filter(claim__in=ids).select_related("snapshot__source").order_by("-pk")
    for row in rows.only("claim", "snapshot__source__title", "snapshot__source__url"):
        found[row.claim_id] = row.snapshot.source
    articles = dict(Article.objects.filter(source__in={s.pk for s in found.values()}).values_list("source", "pk"))
    for source in found.values():
        source.article_pk = articles.get(source.pk)
    return found


def _reviews(ids):
    found = defaultdict(list)
    for claim, number, reviewer, rating in Review.objects.filter(claim__in=ids).values_list(
        "claim", "round", "reviewer", "rating"
    ):
        found[claim, number].append((reviewer, rating))
    return found


def needs(claim):
    """Say in a few words what a claim of the queue waits for; None when it waits for nobody here."""
    if claim.workflow == W.UNSTARTED:
        return "Take it up"
    if claim.workflow in (W.IN_PROGRESS, W.REOPENED):
        return "Judge" if claim.evidence_count else "Attach evidence"
    if claim.workflow == W.CROSS_CHECKING:
        if claim.is_judged_by_me:
            return "Waits for a third reviewer" if claim.is_disputed else "Waits for another reviewer"
        return "Decide as the third" if claim.is_disputed else "Cross-check"
    if claim.workflow == W.COMPLETED and not claim.is_written:
        return "Write the verdict"
    if claim.workflow == W.COMPLETED:
        return "Publish the correction" if claim.last_published_at else "Publish"
    return None
