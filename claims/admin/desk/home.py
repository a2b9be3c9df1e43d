"""The desk's first page: the queue, alerts, articles being read, what changed today."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from claims import permissions
from claims.models import BulkAction, Claim, LogCheck, SavedFilter
from claims.services import bulk, mentions, preferences
from claims.services.signing import why_unavailable
from sources.errors import Refused

from . import queue
from .forms import BulkForm
from .page import desk_page, searched, show
from .rows import rows

PER_PAGE = 25


@desk_page
def desk(request):
    """Show what waits, most pressing first."""
    wanted = queue.Wanted.of(request.GET, searched(request, "q"))
    counts = queue.shelf_counts(request.user)
    shelf: Any = queue.Shelf(wanted, request.user, timezone.localdate(), counts)
    page: Any = Paginator(shelf, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = rows(list(page), request.user)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    public, inside = queue.changed_since(today, limit=8)
    newest_check = LogCheck.objects.last()
    return show(
        request,
        "desk",
        title="Queue",
        page=page,
        wanted=wanted,
        shelf=wanted.shelf,
        shelves=[(name, label, counts[name]) for name, label in queue.SHELVES.items()],
        search=wanted.search,
        narrow=_narrowing(wanted),
        saved=SavedFilter.objects.filter(person=request.user),
        mentions=mentions.unread_mentions(request.user)[:6],
        bulk=BulkForm(auto_id="bulk-%s"),
        alerts=queue.open_alerts(limit=6),
        reading=queue.articles(limit=8, progress__in=["waiting", "failed"]),
        recent=queue.articles(limit=5, progress="read"),
        public_changes=public,
        inside_changes=inside,
        signing_problem=why_unavailable(),
        log_failure=newest_check.failure if newest_check else "",
        can_work=permissions.can_work(request.user),
        keys=preferences.keys_of(request.user),
    )


def _narrowing(wanted):
    """Return the choices that narrow a shelf, each with the one that is chosen."""
    return {
        "priority": [(str(value), label, str(value) == wanted.priority) for value, label in Claim.Priority.choices],
        "topic": [(topic.slug, topic.name, topic.slug == wanted.topic) for topic in queue.topics()],
        "only": [(value, label, value == wanted.only) for value, label in wanted.ONLY.items()],
    }


@desk_page
@require_POST
def filter_save(request):
    """Keep the view of the queue that is shown, under a name."""
    wanted = queue.Wanted.of(request.POST, request.POST.get("q", "").replace("\x00", "").strip()[:200])
    try:
        saved = preferences.save_filter(person=request.user, name=request.POST.get("name", ""), query=wanted.query)
        messages.success(request, f"Saved as “{saved.name}”.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('desk')}?{wanted.query}")


@desk_page
@require_POST
def filter_remove(request, pk):
    """Forget a saved filter of one's own."""
    preferences.remove_filter(person=request.user, pk=pk)
    messages.success(request, "Removed.")
    return redirect("desk")


@desk_page(may=permissions.can_work)
@require_POST
def bulk_change(request):
    """Show what a change to the ticked claims would do to each; make it once that was read."""
    form = BulkForm(request.POST, auto_id="bulk-%s")
    view = QueryDict(request.POST.get("view", "")[:2000])
    back = f"{reverse('desk')}?{queue.Wanted.of(view, view.get('q', '')).query}"
    ids = [int(pk) for pk in request.POST.getlist("claim") if pk.isdecimal() and len(pk) < 18]
    if not form.is_valid():
        messages.error(request, "Choose what the claims should have.")
        return redirect(back)
    kind, value = form.chosen(request.user)
    asked = {"kind": kind, "value": value, "claim_ids": ids, "by": request.user}
    try:
        if "confirmed" in request.POST:
            action = bulk.apply(**asked, now=timezone.now())
            return redirect("desk-bulk-outcome", pk=action.pk)
        foreseen = bulk.preview(**asked)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return show(
        request,
        "bulk",
        title=dict(BulkAction.Kind.choices)[kind],
        foreseen=foreseen,
        possible=sum(not item.reason for item in foreseen),
        kind=kind,
        value=value,
        back=back,
    )


@desk_page(may=permissions.can_work)
def bulk_outcome(request, pk):
    """Show what came of a change to many claims, row by row; undo it on request."""
    action = get_object_or_404(BulkAction.objects.select_related("by", "undone_by"), pk=pk)
    if request.method == "POST":
        try:
            action = bulk.undo(action_id=pk, by=request.user, now=timezone.now())
            messages.success(request, "Undone, as the rows say.")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("desk-bulk-outcome", pk=pk)
    outcomes = list(action.outcomes.select_related("claim"))
    return show(
        request,
        "bulk_outcome",
        title=action.get_kind_display(),
        action=action,
        outcomes=outcomes,
        done=sum(outcome.is_done for outcome in outcomes),
        may_undo=action.undone_at is None
        and any(outcome.is_done for outcome in outcomes)
        and (action.by_id == request.user.pk or permissions.can_publish(request.user)),
    )


@desk_page
def mentions_list(request):
    """List the notes that name this person; mark one or all of them as read."""
    if request.method == "POST":
        one = request.POST.get("mention", "")
        mentions.read_mentions(
            person=request.user, now=timezone.now(), pks=[int(one)] if one.isdecimal() and len(one) < 18 else None
        )
        return redirect("desk-mentions")
    return show(request, "mentions", title="Mentions", mentions=mentions.unread_mentions(request.user)[:200])
