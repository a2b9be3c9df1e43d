"""The ledger: one row per public change, in order and without a gap."""

from datetime import datetime
from typing import Any

from django.db.models import F

from claims.formats.canonical import canonical_json
from claims.models import Change, Claim, LedgerHead

from .webhooks import queue_deliveries


def record_change(
    *,
    claim: Claim,
    kind: Change.Kind,
    cause: Change.Cause,
    actor: Change.Actor,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    now: datetime,
) -> Change:
    """Append one public change with the next sequence number, from 0 and without a gap.

    Runs inside the caller's transaction, which must be the one that makes the change: the lock on the head
    is held until it commits, so numbers follow the order of commits and a rolled-back change takes none.
    Who is to be told is written down in it too.
    """
    head = LedgerHead.objects.select_for_update().get(pk=1)
    seq = head.next_seq
    head.next_seq = seq + 1
    head.documents_changed += 1  # each public change is one of its claim's document
    head.save(update_fields=["next_seq", "documents_changed"])
    body = canonical_json(
        {
            "seq": seq,
            "kind": kind,
            "claim": claim.code,
            "cause": cause,
            "actor": actor,
            "at": now.isoformat(),
            "before": before,
            "after": after,
        }
    )
    change = Change.objects.create(seq=seq, kind=kind, claim=claim, cause=cause, actor=actor, at=now, body=body)
    queue_deliveries(change=change, claim=claim, reason=(after or {}).get("reason"), now=now)
    return change


def count_changed_documents() -> None:
    """Say that public documents changed without a row of the ledger, in the transaction that changes them."""
    LedgerHead.objects.filter(pk=1).update(documents_changed=F("documents_changed") + 1)
