"""Sources: what we know of one, how it fared, what it said, and what rests on it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions
from claims.models import Alert, Article, Claim
from claims.services.quotes import awaiting
from sources.errors import Refused, SourceRefused, SourceStale
from sources.models import ArchiveLookup, Source
from sources.services.archives import ask_for_copies, can_ask
from sources.services.sources import edit_source
from sources.wake import wake

from .articles import capture as keep
from .evidence import look_soon
from .finding import sources_like
from .forms import CaptureFileForm, CaptureTextForm, SourceForm
from .page import claim_of_code, desk_page, put_beside, searched, show
from .snapshots import listed, quoted, quotes_of, sheets
from .timeline import runs, timeline

PER_PAGE = 40
BY_HAND = "by_hand"


@desk_page
@require_GET
def sources(request):
    """List the sources, newest first, or those with the words searched for."""
    find, state = searched(request, "q"), request.GET.get("link", "")
    found = sources_like(find, limit=None)
    if state == BY_HAND:
        found = found.filter(url="")
    elif state in Source.LinkState.values:
        found = found.watched().filter(link_state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counts = dict(Source.objects.watched().order_by().values_list("link_state").annotate(n=Count("pk")))
    states = [(value, label, counts.get(value, 0)) for value, label in Source.LinkState.choices]
    states.append((BY_HAND, "By hand", Source.objects.filter(url="").count()))
    return show(
        request, "sources", title="Sources", page=page, find=find, state=state, states=states, now=timezone.now()
    )


@desk_page
@require_GET
def source(request, pk):
    """Show one source: its state and why, its timeline, its text, and the claims that rest on it."""
    return source_page(request, get_object_or_404(Source.objects.select_related("publisher", "origin"), pk=pk))


def source_page(request, source, *, status=200, edit=None, capture=None, claim_code=""):
    """Render a source; a form that was refused comes in bound."""
    checks = list(source.checks.only("pk", "source_id", "checked_at")[:1])
    events, _ = timeline(source, 1)
    snapshots = list(listed(source)[:25])
    wanted = request.GET.get("snapshot", "")
    reader = source.snapshots.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 18 else None
    reader = reader or source.snapshots.readable().first() or source.snapshots.first()
    evidence, appearances = quotes_of(source)
    marks = quoted(reader, (*evidence, *appearances)) if reader else []
    resting = Claim.objects.filter(pk__in={q.claim_id for q in (*evidence, *appearances)})
    newest = str(checks[0].pk) if checks else "0"
    return show(
        request,
        "source",
        title="Source",
        status=status,
        source=source,
        events=runs(events),
        strip=events[::-1],
        snapshots=snapshots,
        reader=reader,
        sheets=sheets(reader, marks) if reader else [],
        resting=resting,
        quote_counts=(len(evidence), len(appearances)),
        alert=Alert.objects.unanswered().filter(source=source).first(),
        being_confirmed=awaiting().filter(snapshot__source=source),
        article=Article.objects.filter(source=source).first(),
        derived=source.derived.all()[:20],
        edit=edit or SourceForm.of(source),
        capture_file=capture if isinstance(capture, CaptureFileForm) else CaptureFileForm(),
        capture_text=capture if isinstance(capture, CaptureTextForm) else CaptureTextForm(),
        claim_code=claim_code,
        can_look_up=can_ask() and source.url,
        lookup=ArchiveLookup.objects.filter(source=source).first(),
        copies=source.archived_copies.all()[:6],
        newest=newest,
        is_looking=request.GET.get("after") == newest,
        progress=_progress(source, checks[0] if checks else None),
        now=timezone.now(),
    )


@desk_page(may=permissions.can_work)
@require_POST
def source_check(request, pk):
    """Ask a worker to look at the source now."""
    source = get_object_or_404(Source, pk=pk)
    if not source.url:
        messages.warning(request, "It was uploaded by hand and has no address to look at. Upload what it says now.")
        return redirect(source)
    newest = source.checks.values_list("pk", flat=True).first() or 0
    look_soon(source, request.user)
    return redirect(f"{source.get_absolute_url()}?after={newest}")


@desk_page(may=permissions.can_work)
@require_POST
def source_edit(request, pk):
    """Save what a person knows of the source, at the version that was read."""
    source = get_object_or_404(Source.objects.select_related("publisher", "origin"), pk=pk)
    form = SourceForm(request.POST)
    if not form.is_valid():
        return source_page(request, source, status=400, edit=form)
    details = {name: form.cleaned_data[name] for name in SourceForm.DETAILS}
    try:
        details["origin"] = _origin(form.cleaned_data["origin"])
        edit_source(source_id=pk, version=form.cleaned_data["version"], by=request.user, now=timezone.now(), **details)
    except Refused as refusal:
        put_beside(form, refusal)
        form.is_stale = isinstance(refusal, SourceStale)
        source.refresh_from_db()
        return source_page(request, source, status=refusal.status, edit=form)
    messages.success(request, "Saved.")
    return redirect(source)


def _origin(number):
    if number is None:
        return None
    found = Source.objects.filter(pk=number).first() if 0 < number < 2**63 else None
    if found is None:
        raise SourceRefused("There is no source with this number.", field="origin")
    return found


@desk_page(may=permissions.can_work)
@require_POST
def source_confirm_date(request, pk):
    """Record that a person has seen the publication date."""
    source = get_object_or_404(Source, pk=pk)
    try:
        edit_source(source_id=pk, version=source.version, by=request.user, now=timezone.now(), is_date_confirmed=True)
        messages.success(request, "The date is confirmed.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(source)


@desk_page(may=permissions.can_work)
@require_POST
def source_capture(request, pk):
    """Keep what a person uploaded or pasted as the source's present text, and go back where they came from."""
    source = get_object_or_404(Source, pk=pk)
    form = (CaptureFileForm if request.FILES else CaptureTextForm)(request.POST, request.FILES)
    back = request.POST.get("claim", "")
    if form.is_valid():
        try:
            keep(source, form.cleaned_data, request.user)
            messages.success(request, "Kept, and marked as captured by hand.")
        except Refused as refusal:
            put_beside(form, refusal)
    if form.errors:
        return source_page(request, source, status=400, capture=form, claim_code=back)
    if back:
        return redirect(f"{reverse('desk-claim', args=[claim_of_code(back).code])}?source={pk}#add-evidence")
    return redirect(source)


@desk_page(may=permissions.can_work)
@require_POST
def source_copies(request, pk):
    """Ask the archive, through a worker, where else the source can be read."""
    source = get_object_or_404(Source, pk=pk)
    try:
        ask_for_copies(source_id=pk, by=request.user, now=timezone.now())
        wake("sources.tasks.find_copies", source_id=pk)
        messages.success(request, "The archive is being asked. Its answer appears under “Archived copies”.")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(f"{source.get_absolute_url()}#copies")


@desk_page
@require_GET
def source_state(request, pk):
    """Tell the waiting page how far the look is that it waits for, and which check is the newest."""
    source = get_object_or_404(Source, pk=pk)
    newest = source.checks.first()
    return JsonResponse({"state": str(newest.pk if newest else 0), **_progress(source, newest)})


def _progress(source, newest):
    if source.lease_expires_at is not None:
        return {"progress": "looking", "words": "Looking now…"}
    if source.next_check_at is not None and source.next_check_at <= timezone.now():
        return {"progress": "queued", "words": "Queued; a worker takes it in a moment."}
    return {"progress": "read", "words": f"Read: {newest.outcome}." if newest else "Nothing is queued."}
