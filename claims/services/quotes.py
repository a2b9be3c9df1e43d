"""Quote checks: every quote that rests on a changed source, looked for in the newest snapshot."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from claims.comparison import Finding, compare_quote
from claims.models import Appearance, Evidence, QuoteCheck
from sources.models import Snapshot, Source, SourceCheck
from sources.outcomes import Outcome

_LOOKED = (Outcome.OK, Outcome.UNCHANGED)


def unchecked(model: type[Evidence] | type[Appearance], field: str):
    """Return the passages whose source has a newer snapshot that they have not been looked for in yet."""
    newest = Snapshot.objects.filter(source=OuterRef("snapshot__source")).order_by("-fetched_at", "-pk")
    checks = QuoteCheck.objects.filter(**{field: OuterRef("pk")}, snapshot=OuterRef("newest"))
    passages = model.objects.annotate(newest=Subquery(newest.values("pk")[:1]))
    return passages.filter(~Q(newest=F("snapshot")), ~Exists(checks)).select_related("claim")


def check_quotes(*, now: datetime, limit: int = 500) -> int:
    """Look for every quote in the snapshots that came since it was last looked for; return how many.

    Safe to run twice: a quote is checked once per snapshot.
    """
    count = 0
    for field, model in (("evidence", Evidence), ("appearance", Appearance)):
        for passage in unchecked(model, field)[:limit]:
            snapshot = Snapshot.objects.get(pk=passage.newest)
            finding = _finding(passage, snapshot)
            with transaction.atomic():
                QuoteCheck.objects.get_or_create(
                    **{field: passage},
                    snapshot=snapshot,
                    defaults={
                        "result": finding.result,
                        "start": finding.start,
                        "end": finding.end,
                        "passage": finding.passage,
                        "changed": list(finding.changed),
                        "reason": finding.reason[:500],
                        "checked_at": now,
                    },
                )
            count += 1
    return count


def _finding(passage: Evidence | Appearance, snapshot: Snapshot) -> Finding:
    if not snapshot.is_readable:
        reason = f"What came back is no readable document ({snapshot.get_page_class_display().lower()})."
        return Finding("not_checkable", None, None, "", (), reason)
    return compare_quote(quote=passage.quote, prefix=passage.prefix, suffix=passage.suffix, text=snapshot.text)


def newest_check(check: QuoteCheck) -> QuoteCheck:
    """Return the newest check of the same quote that could say anything."""
    return _same_quote(check).exclude(result=QuoteCheck.Result.NOT_CHECKABLE).latest()


def open_changes() -> Iterator[QuoteCheck]:
    """Yield the newest check of each quote that is worse than intact and that no alert has listed yet.

    A change that a person answered before is not raised again while the passage reads the same.
    """
    worse = QuoteCheck.objects.exclude(result__in=[QuoteCheck.Result.INTACT, QuoteCheck.Result.NOT_CHECKABLE])
    unlisted = worse.filter(alert_items__isnull=True).select_related(
        "snapshot__source", "evidence__claim", "appearance__claim"
    )
    for check in unlisted.order_by("pk"):
        answered = _same_quote(check).filter(
            alert_items__alert__answered_at__isnull=False, result=check.result, passage=check.passage
        )
        if newest_check(check) == check and not answered.exists():
            yield check


def _same_quote(check: QuoteCheck) -> QuerySet[QuoteCheck]:
    return QuoteCheck.objects.filter(evidence=check.evidence_id, appearance=check.appearance_id)


def is_confirmed(check: QuoteCheck) -> bool:
    """Whether a second look, far enough after the first, gave the same result for this quote (R13).

    The page may differ between the two looks; the result for the quote may not.
    """
    apart = timedelta(seconds=settings.CHECK_CONFIRM_AFTER)
    source: Source = check.snapshot.source
    first_seen = check.checked_at
    for earlier in _same_quote(check).filter(checked_at__lt=check.checked_at).order_by("-checked_at"):
        if earlier.result != check.result:
            break
        first_seen = earlier.checked_at
    if check.checked_at - first_seen >= apart:
        return True
    return SourceCheck.objects.filter(
        source=source, outcome__in=_LOOKED, snapshot=check.snapshot, checked_at__gte=first_seen + apart
    ).exists()
