"""The desk's first page: the queue, alerts, articles being read, what changed today."""

from django.core.paginator import Paginator
from django.utils import timezone

from claims import permissions
from claims.models import LogCheck
from claims.services.signing import why_unavailable

from . import queue
from .page import desk_page, searched, show

PER_PAGE = 25


@desk_page
def desk(request):
    """Show what waits, most pressing first."""
    shelf = request.GET.get("show", "mine")
    shelf = shelf if shelf in queue.SHELVES else "mine"
    search = searched(request, "q")
    page = Paginator(queue.shelf(shelf, request.user, search), PER_PAGE).get_page(request.GET.get("page"))
    for claim in page:
        claim.needs = queue.needs(claim)
    counts = queue.shelf_counts(request.user)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    public, inside = queue.changed_since(today, limit=8)
    newest_check = LogCheck.objects.last()
    return show(
        request,
        "desk",
        title="Queue",
        page=page,
        shelf=shelf,
        shelves=[(name, label, counts[name]) for name, label in queue.SHELVES.items()],
        search=search,
        alerts=queue.open_alerts(limit=6),
        reading=queue.articles(limit=8, progress__in=["waiting", "failed"]),
        recent=queue.articles(limit=5, progress="read"),
        public_changes=public,
        inside_changes=inside,
        signing_problem=why_unavailable(),
        log_failure=newest_check.failure if newest_check else "",
        can_work=permissions.can_work(request.user),
    )
