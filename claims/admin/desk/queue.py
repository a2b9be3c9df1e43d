"""The queue: which claims wait for whom, in which order; what each row shows stands in `rows`.

At a hundred thousand claims the order is found on ids and indexed columns alone, and only the rows of one page are
looked at closer: so a page costs the same queries at ten rows and at a thousand.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, When
from django.utils import timezone

from claims import permissions, public_ids
from claims.models import Alert, AlertItem, Article, Change, Claim, Figure, Review, Topic, Verdict

from .rows import TO_JUDGE

W = Claim.Workflow
SHELVES = {
    "mine": "My queue",
    "cross": "To cross-check",
    "free": "Unassigned",
    "publish": "To publish",
    "open": "All open",
}


FREE = Q(assignee=None, workflow__in=TO_JUDGE)
NARROWED_LIMIT = 2000  # a search that finds more is to be narrowed further


@dataclass(frozen=True)
class Wanted:
    """What of a shelf somebody wants to see, as it stands in the page's address."""

    shelf: str = "mine"
    search: str = ""
    priority: str = ""
    topic: str = ""
    only: str = ""  # alert, overdue or figures

    ONLY = {"alert": "Source changed", "overdue": "Overdue", "figures": "With figures"}

    @classmethod
    def of(cls, given, search: str = "") -> "Wanted":
        """Return what the address asks for; what nobody knows is left out."""
        shelf, only, priority = given.get("show", "mine"), given.get("only", ""), given.get("priority", "")
        return cls(
            shelf=shelf if shelf in SHELVES else "mine",
            search=search,
            priority=priority if priority in {str(value) for value in Claim.Priority.values} else "",
            topic=given.get("topic", "").replace("\x00", "")[:80],
            only=only if only in cls.ONLY else "",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.priority or self.topic or self.only)

    @property
    def query(self) -> str:
        """The address's query that leads back here."""
        given = {
            "show": self.shelf,
            "q": self.search,
            "priority": self.priority,
            "topic": self.topic,
            "only": self.only,
        }
        return urlencode({name: value for name, value in given.items() if value})


def _this_round(**more):
    return {"claim": OuterRef("pk"), "round": OuterRef("review_round"), **more}


def _judged_by(viewer):
    return Exists(Review.objects.filter(**_this_round(reviewer=viewer)))


# What is decided and not told yet: never published, or decided anew since. A claim in its first round that is
# published was published after its decision, so only later rounds are looked at closer.
_TOLD_BEFORE = [value for value in Claim.Citability if value != Claim.Citability.NOT_CITABLE]
_DECIDED = Q(workflow=W.COMPLETED, citability=Claim.Citability.NOT_CITABLE) | Q(
    workflow=W.COMPLETED, citability__in=_TOLD_BEFORE, review_round__gt=1
)


def _written():
    return Exists(Verdict.objects.filter(**_this_round()).exclude(finding="").exclude(explanation=""))


def _unpublished():
    told = Exists(Verdict.objects.filter(**_this_round(claim__publications__published_at__gte=F("decided_at"))))
    return Q(citability=Claim.Citability.NOT_CITABLE) | ~Q(told)


def for_me(viewer):
    """Return the condition of what waits for this person by name."""
    mine = Q(assignee=viewer, workflow__in=TO_JUDGE)
    mine |= Q(workflow=W.CROSS_CHECKING) & ~Q(drafted_by=viewer) & ~Q(_judged_by(viewer))
    mine |= Q(workflow=W.CROSS_CHECKING, assignee=viewer) & ~Q(_judged_by(viewer))
    mine |= _DECIDED & ~Q(_written()) & (Q(assignee=viewer) | Q(_judged_by(viewer)))
    if permissions.can_publish(viewer):
        mine |= _DECIDED & ~Q(drafted_by=viewer) & Q(_written()) & ~Q(_judged_by(viewer)) & _unpublished()
    return mine


def shelf_filter(shelf, viewer):
    """Return the condition of one shelf of the queue."""
    to_publish = _DECIDED & Q(_written()) & _unpublished()
    return {
        "cross": lambda: Q(workflow=W.CROSS_CHECKING) & ~Q(_judged_by(viewer)),
        "free": lambda: FREE,
        "publish": lambda: to_publish,
        "open": lambda: Q(workflow__in=Claim.OPEN) | (_DECIDED & ~Q(_written())) | to_publish,
    }[shelf]()


def _narrowed(claims, wanted, today):
    if wanted.search:
        public_id = public_ids.read(wanted.search)
        claims = claims.filter(Q(public_id=public_id) if public_id else Q(text__icontains=wanted.search))
    if wanted.priority:
        claims = claims.filter(priority=wanted.priority)
    if wanted.topic:
        claims = claims.filter(topics__slug=wanted.topic)
    if wanted.only == "alert":
        claims = claims.filter(pk__in=_alerted())
    elif wanted.only == "overdue":
        claims = claims.filter(review_by__lt=today)
    elif wanted.only == "figures":
        claims = claims.filter(Exists(Figure.objects.filter(claim=OuterRef("pk"))))
    return claims


def _alerted():
    return AlertItem.objects.unanswered().filter(alert__answered_at=None).values("claim")


def _by_urgency(claims, today: date):
    """Order by alerts on citable claims, overdue, priority, age; return ids."""
    alarm = Case(
        When(pk__in=_alerted(), citability__in=Claim.PUBLIC, then=0), When(pk__in=_alerted(), then=1),
        default=2, output_field=IntegerField(),
    )  # fmt: skip
    lateness = Case(When(review_by__lt=today, then=0), default=1, output_field=IntegerField())
    return claims.order_by(alarm, lateness, "priority", "created_at", "pk").values_list("pk", flat=True)


class Shelf:
    """The ids of one shelf as somebody wants to see it, most pressing first; read as far as a page needs it.

    “My queue” has two parts: what waits for this person by name, then what is unassigned. The counts of whole
    shelves spare it the counting.
    """

    def __init__(self, wanted, viewer, today: date, counts):
        filters = [for_me(viewer), FREE] if wanted.shelf == "mine" else [shelf_filter(wanted.shelf, viewer)]
        self._parts = [
            _by_urgency(_narrowed(Claim.objects.filter(condition), wanted, today), today) for condition in filters
        ]
        if wanted.is_narrowed:  # read rather than counted: the page needs them anyway
            self._parts = [list(part[:NARROWED_LIMIT]) for part in self._parts]
            self._lengths = [len(part) for part in self._parts]
        else:
            self._lengths = [counts["mine"], counts["free"]] if wanted.shelf == "mine" else [counts[wanted.shelf]]

    def __len__(self):
        return sum(self._lengths)

    def __getitem__(self, wanted: slice):
        start, stop, found, before = wanted.start or 0, wanted.stop, [], 0
        for part, length in zip(self._parts, self._lengths, strict=True):
            first, last = max(start - before, 0), min(stop - before, length)
            if first < last:
                found += part[first:last]
            before += length
        return found


def shelf_counts(viewer):
    """Count what waits on every shelf, each by an index of its own; “My queue” counts what waits by name."""
    judged, written, unpublished = Q(_judged_by(viewer)), Q(_written()), _unpublished()
    to_publish = written & unpublished
    counted = {"publish": to_publish, "to_write": ~written, "mine_to_write": ~written & (Q(assignee=viewer) | judged)}
    if permissions.can_publish(viewer):
        counted["mine_to_publish"] = to_publish & ~Q(drafted_by=viewer) & ~judged
    decided = Claim.objects.filter(_DECIDED).aggregate(
        **{name: Count("pk", filter=condition) for name, condition in counted.items()}
    )
    cross = Claim.objects.filter(workflow=W.CROSS_CHECKING).aggregate(
        cross=Count("pk", filter=~judged),
        mine=Count("pk", filter=~judged & (~Q(drafted_by=viewer) | Q(assignee=viewer))),
    )
    to_judge = Claim.objects.filter(assignee=viewer, workflow__in=TO_JUDGE).count()
    return {
        "mine": to_judge + cross["mine"] + decided["mine_to_write"] + decided.get("mine_to_publish", 0),
        "cross": cross["cross"],
        "free": Claim.objects.filter(FREE).count(),
        "publish": decided["publish"],
        "open": Claim.objects.open().count() + decided["to_write"] + decided["publish"],
    }


def next_after(claim, viewer):
    """Return the claim this person's queue shows first when this one is done, or None."""
    for condition in (for_me(viewer), FREE):
        pk = _by_urgency(Claim.objects.filter(condition).exclude(pk=claim.pk), timezone.localdate()).first()
        if pk:
            return Claim.objects.get(pk=pk)
    return None


def topics():
    """Return the topics to narrow a shelf by."""
    return Topic.objects.all()


def open_alerts(limit):
    """Return the worst open alerts with how many claims each concerns."""
    unsettled = Count("items__claim", distinct=True, filter=Q(items__answer=None))
    calling = list(Alert.objects.calling(timezone.now()).pressing_first().values_list("pk", flat=True)[:limit])
    counted = Alert.objects.filter(pk__in=calling).annotate(claim_count=unsettled)
    return counted.select_related("source").pressing_first()


def articles(limit=None, **wanted):
    """Return articles with how far each has been decided."""
    newest = Article.objects.filter(**wanted).order_by("-added_at", "-pk")
    if limit is not None:
        newest = Article.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[:limit]))
    decided = Count("candidates", filter=~Q(candidates__decision="open"))
    counted = newest.annotate(
        candidate_count=Count("candidates"),
        decided_count=decided,
        claim_count=Count("candidates__claim", distinct=True),
    )
    return counted.select_related("source", "added_by").order_by("-added_at", "-pk")


def changed_since(moment, limit):
    """Return the newest public changes and the newest moves inside the desk."""
    public = Change.objects.filter(at__gte=moment).select_related("claim").order_by("-seq")[:limit]
    inside = (
        Claim.history.filter(history_date__gte=moment)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[:limit]
    )
    return public, inside
