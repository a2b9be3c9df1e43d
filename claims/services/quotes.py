"""Quote checks: every quote whose source changed, looked for in the newest snapshot, and confirmed by a second look.

Nothing is scanned twice: a mark says how far snapshots and passages have been followed, and it moves on only past
rows old enough that no transaction can still bring an earlier one.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from claims.comparison import Finding, compare_quote
from claims.models import Alert, AlertItem, Appearance, Evidence, FollowMark, QuoteCheck
from sources.collecting import collecting_seldom
from sources.models import Snapshot, SourceCheck
from sources.outcomes import Outcome

SETTLED_AFTER = timedelta(minutes=10)  # longer than any transaction lasts and than clocks of workers differ
CHUNK = 500
ONLY_PUNCTUATION = "The same words and figures; only punctuation differs, and that alone alarms nobody."
AT_ONCE = 50  # passages whose sources' texts are in memory together
_LOOKED = (Outcome.OK, Outcome.UNCHANGED)
_PASSAGES: tuple[tuple[str, type[Evidence] | type[Appearance]], ...] = (
    ("evidence", Evidence),
    ("appearance", Appearance),
)


def follow_mark() -> FollowMark:
    return FollowMark.objects.get_or_create(pk=1)[0]


def move_mark(name: str, to: int) -> None:
    """Move one part of the mark forward; another worker that is further already is left alone."""
    FollowMark.objects.filter(**{f"{name}__lt": to}).update(**{name: to})


def check_quotes(*, now: datetime) -> int:
    """Look for every quote in the snapshots that came since it was last looked for, until none is left.

    Returns how many were looked for. Safe to run twice and by two workers: a quote is checked once per snapshot.
    """
    with collecting_seldom():
        return _check_quotes(now)


def _check_quotes(now: datetime) -> int:
    mark, count = follow_mark(), 0
    snapshots = Snapshot.objects.order_by("pk").values_list("pk", "fetched_at", "source")
    for rows in _since(snapshots, mark.snapshot):
        sources = {source for _, _, source in rows}
        for field, model in _PASSAGES:
            count += _check(field, unchecked(field, model).filter(snapshot__source__in=sources), now)
        _settle("snapshot", rows, now)
    for field, model in _PASSAGES:
        passages = model._default_manager.order_by("pk").values_list("pk", "added_at")
        for rows in _since(passages, getattr(mark, field)):
            count += _check(field, unchecked(field, model).filter(pk__in=[row[0] for row in rows]), now)
            _settle(field, rows, now)
    return count


def _since(rows: QuerySet[Any, Any], mark: int) -> Iterator[list[Any]]:
    while chunk := list(rows.filter(pk__gt=mark)[:CHUNK]):
        yield chunk
        mark = chunk[-1][0]


def _settle(name: str, rows: list[Any], now: datetime) -> None:
    settled = 0
    for pk, at, *_ in rows:
        if at > now - SETTLED_AFTER:
            break
        settled = pk
    move_mark(name, settled)


def unchecked(field: str, model: type[Evidence] | type[Appearance]) -> QuerySet[Any]:
    """Return the passages whose source has a newer snapshot that they have not been looked for in yet."""
    newest = Snapshot.objects.filter(source=OuterRef("snapshot__source")).order_by("-fetched_at", "-pk")
    checks = QuoteCheck.objects.filter(**{field: OuterRef("pk")}, snapshot=OuterRef("newest"))
    passages: QuerySet[Any] = model._default_manager.annotate(newest=Subquery(newest.values("pk")[:1]))
    return passages.filter(~Q(newest=F("snapshot")), ~Exists(checks)).order_by("newest", "pk")


def _check(field: str, passages: QuerySet[Any], now: datetime) -> int:
    count = 0
    while batch := list(passages[:CHUNK]):
        for first in range(0, len(batch), AT_ONCE):
            _look_for(field, batch[first : first + AT_ONCE], now)
        count += len(batch)
    return count


def _look_for(field: str, passages: list[Any], now: datetime) -> None:
    """Look for each passage in the newest snapshot of its source, and write all that was found at once."""
    texts = Snapshot.objects.only("source", "fetched_at", "page_class", "text")
    snapshots = texts.in_bulk({passage.newest for passage in passages})
    before = _newest_checks(field, passages)
    checks = []
    for passage in passages:
        snapshot = snapshots[passage.newest]
        finding, earlier = _finding(passage, snapshot), before.get(passage.pk)
        is_punctuation = finding.is_only_punctuation
        is_as_before = earlier is not None and (earlier.result, earlier.is_only_punctuation) == (
            finding.result,
            is_punctuation,
        )
        check = QuoteCheck(
            **{f"{field}_id": passage.pk},
            snapshot_id=snapshot.pk,
            result=finding.result,
            start=finding.start,
            end=finding.end,
            passage=finding.passage,
            changed=list(finding.changed),
            is_only_punctuation=is_punctuation,
            reason=ONLY_PUNCTUATION if is_punctuation else finding.reason[:500],
            checked_at=now,
            first_seen_at=earlier.first_seen_at if earlier is not None and is_as_before else snapshot.fetched_at,
        )
        check.awaits_confirmation = check.calls
        checks.append(check)
    with transaction.atomic():
        QuoteCheck.objects.bulk_create(checks, ignore_conflicts=True)
        if field == "evidence":
            _confirm([check for check in checks if check.result == QuoteCheck.Result.INTACT])


def _confirm(intact: list[QuoteCheck]) -> None:
    """Date each piece of evidence by the look that found its words intact."""
    same = QuoteCheck.objects.filter(evidence=OuterRef("pk"), snapshot__in={check.snapshot_id for check in intact})
    fetched_at = Subquery(same.order_by("-snapshot__fetched_at").values("snapshot__fetched_at")[:1])
    Evidence.objects.filter(pk__in=[check.evidence_id for check in intact]).update(confirmed_at=fetched_at)


def _newest_checks(field: str, passages: list[Any]) -> dict[int, QuoteCheck]:
    """Return the newest telling check of each passage."""
    found = QuoteCheck.objects.of_present_words().telling().filter(**{f"{field}__in": passages})
    oldest_first = found.order_by("checked_at", "pk").only(field, "result", "is_only_punctuation", "first_seen_at")
    return {getattr(check, f"{field}_id"): check for check in oldest_first}


def _finding(passage: Evidence | Appearance, snapshot: Snapshot) -> Finding:
    if not snapshot.is_readable:
        reason = f"What came back is no readable document ({snapshot.get_page_class_display().lower()})."
        return Finding("not_checkable", None, None, "", (), reason)
    return compare_quote(quote=passage.quote, prefix=passage.prefix, suffix=passage.suffix, text=snapshot.text)


def of_same_quote(*, outer: str = "") -> QuerySet[QuoteCheck]:
    """Return the checks of the quote an outer query's check is of, newest first; `outer` is the path to that check."""
    same = Q(evidence=OuterRef(f"{outer}evidence")) | Q(appearance=OuterRef(f"{outer}appearance"))
    return QuoteCheck.objects.filter(same).of_present_words().telling().order_by("-checked_at", "-pk")


def stands_again(*, outer: str) -> Subquery:
    """Return whether the newest telling look at a listed quote found its words, but for punctuation; None without one.

    `outer` is the path from a row of the outer query to the check that was listed.
    """
    stands = Case(When(Q(result=QuoteCheck.Result.INTACT) | Q(is_only_punctuation=True), then=True), default=False)
    return Subquery(of_same_quote(outer=outer).annotate(stands=stands).values("stands")[:1])


def awaiting() -> QuerySet[QuoteCheck]:
    """Return the changes that one look found and none has confirmed yet: for the desk, and for nobody else."""
    found = QuoteCheck.objects.filter(awaits_confirmation=True).select_related(
        "snapshot__source", "evidence__claim", "appearance__claim"
    )
    return found.defer("snapshot__text", "snapshot__headers").order_by("first_seen_at", "pk")


def confirmed_changes() -> dict[int, list[int]]:
    """Return the ids of changed quotes' checks that a second look, far enough after the first, confirmed, by source.

    The page may differ between the two looks; the result for the quote may not (R13). What a newer look overtook,
    and what a person answered before and still reads the same, stops waiting and is not returned.
    """
    looks = SourceCheck.objects.filter(snapshot=OuterRef("snapshot"), outcome__in=_LOOKED).order_by("-checked_at")
    by_itself = (Alert.Answer.RETURNED, Alert.Answer.MOVED)
    answered = AlertItem.objects.filter(
        Q(quote_check__evidence=OuterRef("evidence")) | Q(quote_check__appearance=OuterRef("appearance")),
        quote_check__result=OuterRef("result"),
        quote_check__passage=OuterRef("passage"),
        answer__isnull=False,
    ).exclude(answer__answer__in=by_itself)
    found = awaiting().annotate(
        newest=Subquery(of_same_quote().values("pk")[:1]),
        is_answered=Exists(answered),
        seen_again_at=Subquery(looks.values("checked_at")[:1]),
    )
    apart = timedelta(seconds=settings.CHECK_CONFIRM_AFTER)
    confirmed, done = defaultdict(list), []
    for check in found:
        last_seen_at = max(check.snapshot.fetched_at, check.seen_again_at or check.snapshot.fetched_at)
        if check.newest != check.pk or check.is_answered:
            done.append(check.pk)
        elif last_seen_at - check.first_seen_at >= apart:
            confirmed[check.snapshot.source_id].append(check.pk)
    if done:
        QuoteCheck.objects.filter(pk__in=done).update(awaits_confirmation=False)
    return dict(confirmed)
