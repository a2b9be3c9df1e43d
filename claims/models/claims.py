"""Claim: a checkable statement; who made it, where it was said, and the figures it gives."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse
from simple_history.models import HistoricalRecords

from claims import public_ids
from sources.models import Snapshot

from .passages import Passage


class Topic(models.Model):
    """A subject the desk sorts claims by."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("topic", args=[self.slug])


class Claimant(models.Model):
    """A person or organisation that makes statements."""

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        ORGANISATION = "organisation", "Organisation"

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=220, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    same_as = models.URLField(blank=True, help_text="Their official or Wikidata page.")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("claimant", args=[self.slug])


class ClaimQuerySet(models.QuerySet):
    def published(self):
        """Keep claims with a publication that stands: citable, on hold or corrected."""
        return self.filter(citability__in=Claim.PUBLIC)

    def visible_to(self, user):
        """Keep claims this person may see: all for the desk, the published for everyone else."""
        if user.is_authenticated and user.is_active and user.has_perm("claims.view_claim"):
            return self
        return self.published()

    def open(self):
        """Keep claims that still need work."""
        return self.filter(workflow__in=Claim.OPEN)


class Claim(models.Model):
    """A checkable statement in the desk's own words, and how far its review has come."""

    class Workflow(models.TextChoices):
        UNSTARTED = "unstarted", "Unstarted"
        IN_PROGRESS = "in_progress", "In progress"
        CROSS_CHECKING = "cross_checking", "Cross-checking"
        COMPLETED = "completed", "Completed"
        REOPENED = "reopened", "Reopened"
        MERGED = "merged", "Merged"
        DROPPED = "dropped", "Dropped"

    class Citability(models.TextChoices):
        NOT_CITABLE = "not_citable", "Not citable"
        CITABLE = "citable", "Citable"
        ON_HOLD = "on_hold", "On hold"
        CORRECTED = "corrected", "Corrected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Priority(models.IntegerChoices):
        URGENT = 1, "Urgent"
        HIGH = 2, "High"
        NORMAL = 3, "Normal"
        LOW = 4, "Low"
        SOMEDAY = 5, "Some day"

    OPEN = (Workflow.UNSTARTED, Workflow.IN_PROGRESS, Workflow.CROSS_CHECKING, Workflow.REOPENED)
    REVIEWABLE = (Workflow.IN_PROGRESS, Workflow.CROSS_CHECKING, Workflow.REOPENED)
    PUBLIC = (Citability.CITABLE, Citability.ON_HOLD, Citability.CORRECTED)

    public_id = models.CharField(max_length=8, unique=True, default=public_ids.new, editable=False)
    text = models.TextField("claim", max_length=5000)
    context = models.TextField(blank=True, max_length=5000, help_text="When and where it holds.")
    claimants = models.ManyToManyField(Claimant, blank=True, related_name="claims")
    topics = models.ManyToManyField(Topic, blank=True, related_name="claims")
    language = models.CharField(max_length=12, default="en", help_text="BCP 47, as in en or pt-BR.")
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assigned_claims"
    )
    review_by = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    workflow = models.CharField(max_length=14, choices=Workflow, default=Workflow.UNSTARTED)
    workflow_reason = models.CharField(max_length=500, blank=True)
    review_round = models.PositiveSmallIntegerField(default=1, help_text="Raised each time it is reopened.")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")

    citability = models.CharField(max_length=12, choices=Citability, default=Citability.NOT_CITABLE)
    held_at = models.DateTimeField(null=True, blank=True)
    hold_reason = models.CharField(max_length=500, blank=True)

    objects = ClaimQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[claimants, topics])

    class Meta:
        ordering = ["priority", "-updated_at", "-pk"]
        permissions = [
            ("review_claim", "Can judge claims"),
            ("publish_claim", "Can publish, correct and withdraw"),
            ("cite_claim", "Can cite claims and record where"),
        ]
        indexes = [
            models.Index(fields=["citability", "-updated_at"], name="claim_by_citability"),
            models.Index(fields=["workflow", "priority"], name="claim_by_workflow"),
            # What the desk's queue is ordered and counted by, read from the index alone.
            models.Index(
                fields=["workflow", "assignee", "priority", "created_at", "review_by", "citability"],
                name="claim_in_the_queue",
            ),
            models.Index(fields=["workflow", "citability", "review_round"], name="claim_to_be_published"),
        ]
        constraints = [
            CheckConstraint(condition=~Q(text=""), name="claim_has_a_text"),
            CheckConstraint(condition=Q(version__gte=1), name="claim_version_counts_from_1"),
            CheckConstraint(
                condition=Q(workflow="merged", merged_into__isnull=False)
                | (~Q(workflow="merged") & Q(merged_into__isnull=True)),
                name="claim_merged_names_the_other",
            ),
            CheckConstraint(
                condition=~Q(workflow__in=["dropped", "reopened"]) | ~Q(workflow_reason=""),
                name="claim_dropped_or_reopened_says_why",
            ),
            CheckConstraint(
                condition=Q(citability="on_hold", held_at__isnull=False) & ~Q(hold_reason="")
                | ~Q(citability="on_hold") & Q(held_at__isnull=True, hold_reason=""),
                name="claim_on_hold_says_why",
            ),
            CheckConstraint(condition=~Q(merged_into=F("id")), name="claim_is_not_merged_into_itself"),
            CheckConstraint(condition=~Q(superseded_by=F("id")), name="claim_does_not_supersede_itself"),
        ]

    def __str__(self):
        return f"{self.code} {self.text[:80]}"

    def get_absolute_url(self):
        return reverse("claim", args=[self.code])

    @property
    def code(self) -> str:
        """The public id as it is written: 7K3M-Q9TX."""
        return public_ids.written(self.public_id)

    @property
    def is_public(self) -> bool:
        return self.citability in self.PUBLIC


class Appearance(Passage):
    """Where and when somebody said it."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="appearances")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    claimant = models.ForeignKey(Claimant, models.PROTECT, null=True, blank=True, related_name="appearances")
    said_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta(Passage.Meta):
        ordering = ["said_on", "pk"]
        constraints = [
            *Passage.Meta.constraints,
            UniqueConstraint(fields=["claim", "snapshot", "start", "end"], name="appearance_is_listed_once"),
        ]

    def __str__(self):
        return f"“{self.quote[:60]}” in {self.snapshot.source}"


class Figure(models.Model):
    """A quantity a claim gives, as numbers: 28 of 48 seats, 100 to 150 people, at least 80 %."""

    class Qualifier(models.TextChoices):
        NONE = "", "as given"
        EXACTLY = "exactly", "exactly"
        ABOUT = "about", "about"
        NEARLY = "nearly", "nearly"
        AT_LEAST = "at_least", "at least"
        MORE_THAN = "more_than", "more than"
        UP_TO = "up_to", "up to"
        FEWER_THAN = "fewer_than", "fewer than"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="figures")
    text = models.CharField(max_length=200, help_text="As the claim words it.")
    low = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    qualifier = models.CharField(max_length=12, choices=Qualifier, blank=True, default=Qualifier.NONE)
    unit = models.CharField("unit or counted thing", max_length=80, blank=True)
    whole = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    period = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=80, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [
            CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False), name="figure_has_one_end_at_least"
            ),
            CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="figure_low_is_not_above_high",
            ),
        ]

    def __str__(self):
        return self.text
