"""Publishing at a time: set and cancelled on the claim page, and listed for everybody."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions
from claims.models import ScheduledPublication
from claims.services import publishing
from claims.services.scheduling import cancel_schedule, schedule_publication
from sources.errors import Refused

from .claim import back_to, claim_page
from .forms import CorrectForm, PublishForm
from .page import claim_of_code, desk_page, put_beside, show

ENDED_SHOWN = 30


@desk_page(may=permissions.can_publish)
@require_POST
def claim_schedule(request, code):
    """Approve exactly the revision this person read, to be published at the time they chose."""
    claim = claim_of_code(code)
    is_correction = "kind" in request.POST or "correct" in request.POST
    form = (CorrectForm if is_correction else PublishForm)(request.POST)
    form.is_valid()
    given = form.cleaned_data
    try:
        schedule = schedule_publication(
            claim_id=claim.pk,
            revision_sha256=given.get("revision_sha256", ""),
            publish_at=given.get("publish_at"),
            kind=given.get("kind", ""),
            reason=given.get("reason", ""),
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        if not is_correction:
            return claim_page(request, claim, status=refusal.status, publish_refusal=str(refusal))
        put_beside(form, refusal)
        revision = publishing.revision_of(claim)
        sent = request.POST.copy()
        sent["revision_sha256"] = revision.sha256 if revision else ""
        form.data = sent
        return claim_page(request, claim, status=refusal.status, correct=form)
    when = timezone.localtime(schedule.publish_at)
    messages.success(request, f"Approved. It is published on {when.day} {when:%B %Y at %H:%M}, unless it changes.")
    return back_to(claim, "publish")


@desk_page(may=permissions.can_publish)
@require_POST
def claim_unschedule(request, code):
    """Take back what waits to be published."""
    claim = claim_of_code(code)
    try:
        cancel_schedule(claim_id=claim.pk, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Cancelled; nothing is published by itself.")
    if request.POST.get("back") == "list":
        return redirect("desk-scheduled")
    return back_to(claim, "publish")


@desk_page
@require_GET
def scheduled(request):
    """List what waits to be published by its time, and what lately came of such approvals."""
    rows = ScheduledPublication.objects.select_related("claim", "approved_by", "ended_by")
    waiting = rows.waiting().order_by("publish_at")
    ended = rows.exclude(state=ScheduledPublication.State.WAITING).order_by("-ended_at")[:ENDED_SHOWN]
    may_cancel = permissions.can_publish(request.user)
    return show(request, "scheduled", title="Scheduled", waiting=waiting, ended=ended, may_cancel=may_cancel)
