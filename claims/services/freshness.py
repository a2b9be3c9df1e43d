"""Freshness: told with each public document, and told anew when an alert or the calendar changes it."""

import json
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.formats.canonical import canonical_json
from claims.formats.document import brief_document
from claims.freshness import DUE_WITHIN, Freshness, freshness
from claims.models import AlertItem, Claim, PublicDocument
from sources.models import Source

from .ledger import count_changed_documents

BATCH = 500


def freshness_of(claims: Iterable[Claim], *, today: date) -> dict[int, Freshness]:
    """Return the freshness of each of these claims by its id, in one query.

    Only what is confirmed counts: a source that is gone, or an alert on a passage the verdict rests on.
    """
    claims = list(claims)
    found = AlertItem.objects.unanswered().filter(alert__answered_at=None, claim__in=claims)
    found = found.filter(Q(quote_check=None) | Q(quote_check__evidence__accepted_at__isnull=False))
    reasons: dict[int, tuple[int, str]] = {}
    for item in found.select_related("alert__source", "quote_check"):
        severity, reason = (item.quote_check.severity, _changed(item)) if item.quote_check else (0, _gone(item))
        if item.claim_id not in reasons or severity > reasons[item.claim_id][0]:
            reasons[item.claim_id] = (severity, reason)
    return {
        claim.pk: freshness(
            hold_reason=claim.hold_reason,
            evidence_reason=reasons.get(claim.pk, (0, ""))[1],
            review_by=claim.review_by,
            today=today,
        )
        for claim in claims
    }


def _changed(item: AlertItem) -> str:
    assert item.quote_check is not None
    return f"A source it rests on changed. {item.quote_check.reason}"


def _gone(item: AlertItem) -> str:
    source = item.alert.source
    what = "is another document now" if source.link_state == Source.LinkState.DEVIATED else "is gone"
    why = f" ({source.link_state_reason.rstrip('.')})" if source.link_state_reason else ""
    return f"A source it rests on {what}{why}. The capture the desk keeps still proves the quote."


@transaction.atomic
def tell_freshness(*, claim_ids: Iterable[int], now: datetime) -> int:
    """Put the freshness these claims have now into their public documents; return how many said something else.

    No row of the ledger: nothing that was decided changes. The document's version and ETag move, its date does not.
    """
    stored = PublicDocument.objects.select_for_update(of=("self",)).filter(claim__in=list(claim_ids), status=200)
    documents = list(stored.select_related("claim").order_by("pk"))
    fresh = freshness_of([document.claim for document in documents], today=timezone.localdate(now))
    told = []
    for document in documents:
        is_now = fresh[document.claim_id]
        if (document.freshness, document.freshness_reason) == (is_now.word, is_now.reason[:600]):
            continue
        body = {**json.loads(document.body), "freshness": freshness_document(is_now)}
        document.body, document.version = canonical_json(body), document.version + 1
        document.brief = canonical_json(brief_document(body))
        document.freshness, document.freshness_reason = is_now.word, is_now.reason[:600]
        told.append(document)
    if told:
        PublicDocument.objects.bulk_update(told, ["body", "brief", "version", "freshness", "freshness_reason"])
        count_changed_documents()
    return len(told)


def freshness_document(fresh: Freshness) -> dict[str, str]:
    return {"word": fresh.word, "reason": fresh.reason}


def tell_what_fell_due(*, now: datetime) -> int:
    """Tell the freshness of every claim whose review fell due or overdue, or that was never told; return how many."""
    today = timezone.localdate(now)
    soon = today + DUE_WITHIN
    fell = (
        Q(freshness="")
        | Q(freshness="current", claim__review_by__lte=soon)
        | Q(freshness="due", claim__review_by__lt=today)
        | Q(freshness="overdue", claim__review_by__gte=today)
        | Q(freshness="due") & (Q(claim__review_by__gt=soon) | Q(claim__review_by=None))
        | Q(freshness="overdue", claim__review_by=None)
    )
    told = 0
    documents = PublicDocument.objects.filter(fell, status=200).order_by("pk")
    while batch := list(documents.values_list("pk", flat=True)[:BATCH]):
        changed = tell_freshness(claim_ids=batch, now=now)
        told += changed
        if not changed:  # another worker told them in between
            break
    return told
