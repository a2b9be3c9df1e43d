"""A source's timeline: every look and every capture by hand, newest first, and what each brought."""

from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Value
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from sources.models import Snapshot, Source
from sources.outcomes import Outcome

from .page import desk_page, show

PER_PAGE = 25
SEEN = (Outcome.OK, Outcome.UNCHANGED)
# What a look came to, in a word, and the sign that stands for it beside its colour.
WORDS = {
    "same": ("no change", "●"),
    "changed": ("text changed", "◆"),
    "wall": ("not the document", "▲"),
    "failed": ("no answer for us", "✕"),
    "hand": ("captured by hand", "■"),
}


@desk_page
@require_GET
def source_timeline(request, pk):
    """Show all looks at a source and all captures of it."""
    source = get_object_or_404(Source, pk=pk)
    events, page = timeline(source, request.GET.get("page"))
    return show(
        request,
        "source_timeline",
        title="Timeline",
        source=source,
        page=page,
        events=runs(events),
        strip=events[::-1],
        words=WORDS.items(),
    )


def timeline(source, number):
    """Return one page of a source's looks and captures by hand, newest first, and the page itself."""
    looks = source.checks.order_by().values_list("checked_at", "pk", Value("look"))
    by_hand = source.snapshots.filter(captured_by__isnull=False).order_by()
    rows = looks.union(by_hand.values_list("fetched_at", "pk", Value("hand")), all=True)
    page = Paginator(rows.order_by("-checked_at", "-pk"), PER_PAGE).get_page(number)
    found = list(page.object_list)
    checks = source.checks.select_related("snapshot", "requested_by").defer("snapshot__text", "snapshot__main_text")
    looked = checks.in_bulk([pk for _, pk, kind in found if kind == "look"])
    given = Snapshot.objects.select_related("captured_by").defer("text", "main_text")
    captured = given.in_bulk([pk for _, pk, kind in found if kind == "hand"])
    return [_event(looked[pk] if kind == "look" else captured[pk]) for _, pk, kind in found], page


def _event(row: Any):
    """Return a look or a capture by hand as one kind of thing: when, what it came to, what it left."""
    is_by_hand = isinstance(row, Snapshot)
    row.kind = "hand" if is_by_hand else _kind(row)
    row.at, row.kept = (row.fetched_at, row) if is_by_hand else (row.checked_at, row.snapshot)
    row.word, row.sign = WORDS[row.kind]
    return row


def _kind(check):
    if check.outcome not in SEEN:
        return "failed"
    if check.page_class not in ("", Snapshot.PageClass.ARTICLE):
        return "wall"
    return "changed" if check.has_changed else "same"


def runs(events):
    """Return the newest of every run of looks that found the same, with how many before it did."""

    def found(event):
        if event.kind == "hand":
            return event.kind, event.pk
        return (
            event.kind,
            event.outcome,
            event.http_status,
            event.link_state,
            event.reason,
            event.requested_by_id,
            event.pk if event.has_changed else None,
        )

    newest = []
    for _, run in groupby(events, key=found):
        first, *before = run
        first.same_before, first.same_since = len(before), before[-1].at if before else None
        newest.append(first)
    return newest
