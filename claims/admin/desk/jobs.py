"""Background work: whether it goes on, and the looks that were given up and wait for a person."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.functions import Now
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions
from sources.errors import Refused
from sources.models import Source, Worker
from sources.services.leases import requeue_source
from sources.services.workers import unserved
from sources.wake import broker_answers

from .page import desk_page, show

PER_PAGE = 40
ROLE_LABELS = {
    "checks": "looks on schedule",
    "now": "looks somebody waits for",
    "timetable": "the timetable",
}


@desk_page
@require_GET
def jobs(request):
    """Show what waits, who works, and the dead letters: sources whose looks kept leaving no outcome."""
    given_up = Source.objects.given_up().order_by("-handed_out_at", "pk")
    return show(
        request,
        "jobs",
        title="Background work",
        page=Paginator(given_up, PER_PAGE).get_page(request.GET.get("page")),
        due=Source.objects.due().count(),
        looking=Source.objects.filter(lease_expires_at__gt=Now()).count(),
        retried=Source.objects.watched()
        .filter(next_check_at__isnull=False, lease_expires_at__isnull=True, attempts_without_outcome__gt=0)
        .count(),
        workers=[
            (worker, [ROLE_LABELS.get(role, role) for role in worker.serves], worker in awake)
            for awake in [set(Worker.objects.awake())]
            for worker in Worker.objects.all()
        ],
        unserved=[ROLE_LABELS.get(role, role) for role in unserved()],
        has_broker=broker_answers(),
        may_work=permissions.can_work(request.user),
        now=timezone.now(),
    )


@desk_page(may=permissions.can_work)
@require_POST
def job_requeue(request, pk):
    """Let a source that was given up be looked at again, with all its tries."""
    source = get_object_or_404(Source, pk=pk)
    try:
        requeue_source(source_id=pk, by=request.user)
        messages.success(request, f"Queued again: {source}")
    except Refused as refusal:
        messages.warning(request, f"{source}: {refusal}")
    return redirect("desk-jobs")
