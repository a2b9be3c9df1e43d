"""Look for a claim or a source by what somebody remembers of it."""

from django.db.models import Count, Q

from claims import public_ids
from claims.models import Claim
from sources.models import Source

SEVERAL = "Several claims have these words; choose one."
NONE_FOUND = "No open claim has this code or these words."
CLOSED = (Claim.Workflow.MERGED, Claim.Workflow.DROPPED)


def claims_like(words: str, *, limit: int = 8, **wanted) -> list[Claim]:
    """Return claims of this code, or with these words in their text; nothing for no words."""
    words = words.replace("\x00", "").strip()
    if not words:
        return []
    public_id = public_ids.read(words)
    match = Q(public_id=public_id) if public_id else Q(text__icontains=words)
    return list(Claim.objects.filter(match, **wanted).exclude(workflow__in=CLOSED)[:limit])


def sources_like(words: str, *, limit: int | None = 12):
    """Return sources with these words in title, address, author or publisher; the newest for no words."""
    words = words.replace("\x00", "").strip()
    match = (
        Q(title__icontains=words)
        | Q(url__icontains=words)
        | Q(author__icontains=words)
        | Q(publisher__name__icontains=words)
    )
    found = Source.objects.filter(match) if words else Source.objects.all()
    counted = found.select_related("publisher").annotate(snapshot_count=Count("snapshots"))
    return counted.order_by("-registered_at", "-pk")[:limit]
