"""A snapshot to read, its bytes to take away, and what differs between any two."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from claims import permissions
from claims.models import Appearance, Evidence, QuoteCheck
from sources.differences import Kind, compare, fold
from sources.models import Snapshot, Source

from .marks import Mark, Piece, pieces
from .page import desk_page, show

LISTED = 200  # snapshots to choose from in the two boxes
FIGURES = 24


@dataclass(frozen=True)
class Sheet:
    """A page of a PDF, or a whole text without pages, cut into pieces; `number` None without pages."""

    number: int | None
    pieces: list[Piece]


@desk_page
@require_GET
def snapshot(request, pk, number):
    """Show what a source said at one moment, with the passages that claims quote, and where its bytes are."""
    found = _snapshot(pk, number)
    is_main = request.GET.get("text") == "main" and bool(found.main_text)
    marks = [] if is_main else quoted(found, [quote for of_kind in quotes_of(found.source) for quote in of_kind])
    return show(
        request,
        "snapshot",
        title="Snapshot",
        source=found.source,
        reader=found,
        sheets=[Sheet(None, pieces(found.main_text, []))] if is_main else sheets(found, marks),
        is_main=is_main,
        quotes=sorted({mark.item for mark in marks}, key=lambda quote: quote.start),
        before=_beside(found, before=True),
        after=_beside(found, before=False),
        can_take=permissions.can_work(request.user),
    )


@desk_page(may=permissions.can_work)
@require_GET
def snapshot_capture(request, pk, number):
    """Hand out the capture as a file that no browser opens: foreign bytes are never shown from here."""
    found = _snapshot(pk, number)
    try:
        file = found.capture.storage.open(found.capture.name) if found.capture else None
    except OSError:
        file = None
    if file is None:
        raise Http404("No capture is kept for this snapshot.")
    ending = "bin" if found.capture.name.endswith(".bin") else "warc.gz"
    answer = FileResponse(
        file,
        as_attachment=True,
        filename=f"source-{pk}-{found.fetched_at:%Y%m%dT%H%M%SZ}.{ending}",
        content_type="application/octet-stream",
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@desk_page
@require_GET
def differences(request, pk):
    """Compare two snapshots of a source word by word; without a choice the newest with the one before it."""
    source = get_object_or_404(Source, pk=pk)
    new = _chosen(source, request.GET.get("to")) or source.snapshots.first()
    old = _chosen(source, request.GET.get("from")) or (_beside(new, before=True) if new else None)
    choices = list(listed(source)[:LISTED])
    if new is None:
        return redirect(source)
    if old is None:
        return show(request, "differences", title="What differs", source=source, new=new, choices=choices)
    found = compare(old.text, new.text)
    shown, is_cut = fold(found.pieces)
    changed = [piece for piece in found.pieces if piece.kind is not Kind.SAME]
    return show(
        request,
        "differences",
        title="What differs",
        source=source,
        old=old,
        new=new,
        choices=choices,
        pieces=shown,
        is_same=found.is_empty,
        is_coarse=found.is_coarse,
        is_cut=is_cut,
        figures=[piece for piece in changed if piece.has_figure][:FIGURES],
        counts=[_words(changed, kind) for kind in (Kind.DELETED, Kind.INSERTED)],
    )


def listed(source):
    """Return a source's snapshots, newest first, without their texts."""
    return source.snapshots.select_related("captured_by").defer("text", "main_text", "headers")


def sheets(snapshot, marks):
    """Return a snapshot's text cut into pages and pieces, each passage marked on the pages it stands on."""
    if not snapshot.page_starts:
        return [Sheet(None, pieces(snapshot.text, marks))]
    starts = [*snapshot.page_starts, len(snapshot.text)]
    cut = []
    for number, text in snapshot.pages:
        start, end = starts[number - 1], starts[number]
        here = [
            Mark(max(mark.start, start) - start, min(mark.end, end) - start, mark.item)
            for mark in marks
            if mark.start < end and mark.end > start
        ]
        cut.append(Sheet(number, pieces(text, here)))
    return cut


def quoted(snapshot, quotes):
    """Mark the quotes that rest on this snapshot, and where checks found the others in it."""
    marks = [Mark(quote.start, quote.end, quote) for quote in quotes if quote.snapshot_id == snapshot.pk]
    of_evidence = {quote.pk: quote for quote in quotes if isinstance(quote, Evidence)}
    of_appearance = {quote.pk: quote for quote in quotes if isinstance(quote, Appearance)}
    for check in QuoteCheck.objects.filter(snapshot=snapshot, start__isnull=False):
        quote = of_evidence.get(check.evidence_id or 0) or of_appearance.get(check.appearance_id or 0)
        if quote is not None and check.start is not None and check.end is not None:
            marks.append(Mark(check.start, check.end, quote))
    return marks


def quotes_of(source):
    """Return the evidence and the appearances that quote a source."""
    evidence = Evidence.objects.filter(snapshot__source=source).select_related("claim")
    appearances = Appearance.objects.filter(snapshot__source=source).select_related("claim")
    return list(evidence), list(appearances)


def _snapshot(pk, number):
    return get_object_or_404(
        Snapshot.objects.select_related("source", "captured_by", "revisit_of"), source=pk, pk=number
    )


def _chosen(source, number):
    """Return the snapshot with this number, nothing without one; a number that is none answers 404."""
    if not number:
        return None
    if not number.isdecimal() or len(number) > 18:
        raise Http404
    return get_object_or_404(source.snapshots.select_related("captured_by"), pk=int(number))


def _beside(snapshot, *, before):
    """Return the snapshot before or after this one, or None."""
    others = snapshot.source.snapshots.select_related("captured_by")
    at = snapshot.fetched_at
    if before:
        return others.filter(Q(fetched_at__lt=at) | Q(fetched_at=at, pk__lt=snapshot.pk)).first()
    later = others.filter(Q(fetched_at__gt=at) | Q(fetched_at=at, pk__gt=snapshot.pk))
    return later.order_by("fetched_at", "pk").first()


def _words(changed, kind):
    return sum(len(piece.text.split()) for piece in changed if piece.kind is kind)
