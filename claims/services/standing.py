"""Standing: what the sources of a published claim say today, as far as it is confirmed and fit for readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, Subquery

from claims.models import AlertItem, Evidence, QuoteCheck
from sources.models import ArchivedCopy, Source

_GONE = (Source.LinkState.DEAD, Source.LinkState.DEVIATED)


@dataclass(frozen=True)
class Standing:
    """One quoted passage today.

    `result` and `reason` are the newest confirmed look at the words, empty where none was; a change is told only
    while nobody has answered it. `archived_url` is an outside archive's copy, `snapshot_id` our own capture.
    """

    result: str
    reason: str
    checked_at: datetime | None
    is_gone: bool
    archived_url: str
    archived_at: datetime | None
    source_id: int
    snapshot_id: int

    @property
    def is_intact(self) -> bool:
        return self.result == QuoteCheck.Result.INTACT

    @property
    def has_changed(self) -> bool:
        return bool(self.result) and not self.is_intact


def standing_of(claim_id: int) -> dict[int, Standing]:
    """Return what stands of a claim's evidence today, by the id it has in the public document; three queries."""
    telling = QuoteCheck.objects.of_present_words().telling().filter(awaits_confirmation=False, hidden_by=None)
    newest = telling.filter(evidence=OuterRef("pk")).order_by("-checked_at", "-pk").values("pk")[:1]
    evidence = list(
        Evidence.objects.filter(claim=claim_id).select_related("snapshot__source").annotate(newest=Subquery(newest))
    )
    unanswered = Exists(AlertItem.objects.unanswered().filter(quote_check=OuterRef("pk")))
    checks = QuoteCheck.objects.annotate(is_open=unanswered).in_bulk([e.newest for e in evidence if e.newest])
    copies: dict[int, ArchivedCopy] = {}
    sources = {e.snapshot.source_id for e in evidence}
    for copy in ArchivedCopy.objects.filter(source__in=sources).order_by("archived_at", "pk"):
        copies[copy.source_id] = copy
    return {
        item.pk: _standing(item, checks.get(item.newest), copies.get(item.snapshot.source_id)) for item in evidence
    }


def last_confirmed(claim_ids: Iterable[int]) -> dict[int, datetime]:
    """Return since when every source of each claim's evidence is confirmed; nothing where one never was."""
    asked = Evidence.objects.accepted().filter(claim__in=list(claim_ids)).order_by().values("claim")
    confirmed = asked.annotate(oldest=Min("snapshot__source__last_confirmed_at"))
    never = Evidence.objects.accepted().filter(claim=OuterRef("claim"), snapshot__source__last_confirmed_at=None)
    rows = confirmed.filter(~Exists(never), Q(oldest__isnull=False)).values_list("claim", "oldest")
    return dict(rows)


def _standing(evidence: Evidence, check: QuoteCheck | None, copy: ArchivedCopy | None) -> Standing:
    result = reason = ""
    if check is not None and (not check.calls or check.is_open):  # type: ignore[attr-defined]
        result = check.result if check.calls else QuoteCheck.Result.INTACT.value
        reason = check.reason if check.calls else ""
    return Standing(
        result=result,
        reason=reason,
        checked_at=check.checked_at if check is not None and result else None,
        is_gone=evidence.snapshot.source.link_state in _GONE,
        archived_url=copy.url if copy else "",
        archived_at=copy.archived_at if copy else None,
        source_id=evidence.snapshot.source_id,
        snapshot_id=evidence.snapshot_id,
    )
