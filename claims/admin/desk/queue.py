"""The queue: which claims wait for whom, and for what."""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims import permissions, public_ids
from claims.models import Alert, AlertItem, Article, Change, Claim, Evidence, Publication, Review, Verdict

W = Claim.Workflow
SHELVES = {
    "mine": "For me",
    "cross": "To cross-check",
    "free": "Unassigned",
    "publish": "To publish",
    "open": "All open",
}


def _count(queryset):
    rows = queryset.order_by().values("claim").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


def with_state(viewer):
    """Return claims with what the queue says of each: evidence, judgements, verdict, publication, alert."""
    of_claim = {"claim": OuterRef("pk")}
    this_round = {**of_claim, "round": OuterRef("review_round")}
    verdicts = Verdict.objects.filter(**this_round)
    published = Publication.objects.filter(**of_claim).order_by("-number").values("published_at")[:1]
    return Claim.objects.annotate(
        evidence_count=_count(Evidence.objects.filter(**of_claim)),
        judged_count=_count(Review.objects.filter(**this_round)),
        is_judged_by_me=Exists(Review.objects.filter(**this_round, reviewer=viewer)),
        is_written=Exists(verdicts.exclude(finding="").exclude(explanation="")),
        decided_at=Subquery(verdicts.values("decided_at")[:1]),
        last_published_at=Subquery(published),
        has_alert=Exists(AlertItem.objects.unanswered().filter(**of_claim, alert__answered_at=None)),
    )


def shelf_filter(shelf, viewer):
    """Return the condition of one shelf of the queue, on claims `with_state`."""
    unpublished = Q(last_published_at=None) | Q(last_published_at__lt=F("decided_at"))
    to_publish = Q(workflow=W.COMPLETED, is_written=True) & unpublished
    to_cross_check = Q(workflow=W.CROSS_CHECKING, is_judged_by_me=False)
    if shelf == "cross":
        return to_cross_check
    if shelf == "free":
        return Q(assignee=None, workflow__in=(W.UNSTARTED, W.IN_PROGRESS, W.REOPENED))
    if shelf == "publish":
        return to_publish
    if shelf == "open":
        return Q(workflow__in=Claim.OPEN) | Q(workflow=W.COMPLETED, is_written=False) | to_publish
    mine = Q(assignee=viewer, workflow__in=(W.UNSTARTED, W.IN_PROGRESS, W.REOPENED))
    mine |= to_cross_check & (Q(assignee=viewer) | Q(assignee=None) | ~Q(drafted_by=viewer))
    mine |= Q(workflow=W.COMPLETED, is_written=False) & (Q(assignee=viewer) | Q(is_judged_by_me=True))
    if permissions.can_publish(viewer):
        mine |= to_publish & Q(is_judged_by_me=False) & ~Q(drafted_by=viewer)
    return mine


def shelf(name, viewer, search=""):
    """Return one shelf, most pressing first: alerts, overdue, priority, age."""
    today = timezone.localdate()
    found = with_state(viewer).filter(shelf_filter(name, viewer))
    if search:
        public_id = public_ids.read(search)
        found = found.filter(Q(public_id=public_id) if public_id else Q(text__icontains=search))
    return (
        found.annotate(is_overdue=Exists(Claim.objects.filter(pk=OuterRef("pk"), review_by__lt=today)))
        .select_related("assignee")
        .prefetch_related("claimants", Prefetch("figures"))
        .order_by("-has_alert", "-is_overdue", "priority", "created_at", "pk")
    )


def shelf_counts(viewer):
    """Count every shelf in one query."""
    counts = {name: Count("pk", filter=shelf_filter(name, viewer)) for name in SHELVES}
    return with_state(viewer).aggregate(**counts)


def needs(claim):
    """Say in a few words what a claim of the queue waits for; None when it waits for nobody here."""
    if claim.workflow == W.UNSTARTED:
        return "Take it up"
    if claim.workflow in (W.IN_PROGRESS, W.REOPENED):
        return "Judge" if claim.evidence_count else "Attach evidence"
    if claim.workflow == W.CROSS_CHECKING:
        return "Waits for another reviewer" if claim.is_judged_by_me else "Cross-check"
    if claim.workflow == W.COMPLETED and not claim.is_written:
        return "Write the verdict"
    if claim.workflow == W.COMPLETED:
        return "Publish the correction" if claim.last_published_at else "Publish"
    return None


def open_alerts(limit):
    """Return the worst open alerts with how many claims each concerns."""
    unsettled = Count("items__claim", distinct=True, filter=Q(items__answer=None))
    counted = Alert.objects.calling(timezone.now()).annotate(claim_count=unsettled)
    return counted.select_related("source").pressing_first()[:limit]


def articles(limit=None, **wanted):
    """Return articles with how far each has been decided."""
    decided = Count("candidates", filter=~Q(candidates__decision="open"))
    counted = Article.objects.filter(**wanted).annotate(
        candidate_count=Count("candidates"),
        decided_count=decided,
        claim_count=Count("candidates__claim", distinct=True),
    )
    return counted.select_related("source", "added_by").order_by("-added_at", "-pk")[:limit]


def changed_since(moment, limit):
    """Return the newest public changes and the newest moves inside the desk."""
    public = Change.objects.filter(at__gte=moment).select_related("claim").order_by("-seq")[:limit]
    inside = (
        Claim.history.filter(history_date__gte=moment)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[:limit]
    )
    return public, inside
