"""The dashboard: what waits, what changed today, and how the work goes over time."""

from django.db.models import Count, Q
from django.utils import timezone
from django.views.decorators.http import require_GET

from claims.models import Alert, AlertAnswer, Change, Claim, Review, Verdict
from claims.services.agreement import agreement
from claims.services.throughput import DONE, throughput
from sources.models import Source

from . import queue
from .charts import grouped_bars, percent_line
from .page import desk_page, show

SPANS = {4: "4 weeks", 12: "12 weeks", 52: "a year"}
DRAWN = ("drafted", "decided", "published")


@desk_page
@require_GET
def dashboard(request):
    """Show it in a fixed number of queries, however much there is."""
    now = timezone.now()
    asked = request.GET.get("weeks", "")
    weeks = int(asked) if asked.isdecimal() and len(asked) < 3 and int(asked) in SPANS else 12
    found = throughput(weeks=weeks, now=now)
    labels = [f"{week.monday.day} {week.monday:%b}" for week in found.weeks]
    since = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    shelves = queue.shelf_counts(request.user)
    return show(
        request,
        "dashboard",
        title="Dashboard",
        weeks=weeks,
        spans=SPANS.items(),
        waits=[(label, shelves[name], name) for name, label in queue.SHELVES.items()],
        pressing=_pressing(now),
        today=_today(since),
        names=list(DONE.values()),
        drawn=[DONE[name] for name in DRAWN],
        done=grouped_bars(labels, [(DONE[name], [week.done[name] for week in found.weeks]) for name in DRAWN]),
        rows=[
            (label, [week.done[name] for name in DONE], week) for label, week in zip(labels, found.weeks, strict=True)
        ],
        agreed=percent_line(labels, [week.percent for week in found.weeks]),
        has_agreement=any(week.rounds for week in found.weeks),
        people=found.people,
        labels=labels,
        agreement=agreement(),
    )


def _pressing(now):
    """Return what should not wait: alerts, claims on hold, claims overdue, looks that were given up."""
    today = timezone.localdate(now)
    claims = Claim.objects.aggregate(
        on_hold=Count("pk", filter=Q(citability=Claim.Citability.ON_HOLD)),
        overdue=Count("pk", filter=Q(review_by__lt=today) & ~Q(workflow__in=("merged", "dropped"))),
    )
    return {
        **claims,
        "alerts": Alert.objects.calling(now).count(),
        "given_up": Source.objects.given_up().count(),
    }


def _today(since):
    """Return what changed since midnight: inside the desk, and in public by kind."""
    counts = dict(Change.objects.filter(at__gte=since).order_by().values_list("kind").annotate(n=Count("pk")))
    return {
        "drafted": Claim.objects.filter(created_at__gte=since).count(),
        "judged": Review.objects.filter(reviewed_at__gte=since).count(),
        "decided": Verdict.objects.filter(decided_at__gte=since).count(),
        "answered": AlertAnswer.objects.filter(given_at__gte=since, undone_at=None).count(),
        "public": [
            (Change.Kind(kind).label, count) for kind, count in sorted(counts.items(), key=lambda one: -one[1])
        ],
    }
