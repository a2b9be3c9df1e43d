"""Source: a document at an address, or one uploaded by hand, and when to look at it next."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now
from django.urls import reverse
from simple_history.models import HistoricalRecords


class Publisher(models.Model):
    """Whoever brings documents out: a newspaper, an agency, a ministry."""

    name = models.CharField(max_length=200, unique=True)
    host = models.CharField(max_length=253, blank=True, help_text="Registrable domain, as in example.org.")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


def _is_expired():
    # No lease is so long: one that ends after that was given before the database's clock was set back.
    beyond = Now() + timedelta(seconds=2 * settings.CHECK_LEASE)
    return Q(lease_expires_at__lt=Now()) | Q(lease_expires_at__gt=beyond)


class SourceQuerySet(models.QuerySet):
    """Whether a source is due, and whether a lease has ended, is told by the database's clock."""

    def due(self):
        """Keep sources whose time to be looked at has come and that nobody holds a lease of."""
        return self.filter(next_check_at__lte=Now(), lease_expires_at__isnull=True)

    def not_handed_out(self, for_: timedelta):
        """Keep those that no sweep handed out since they became due, or none within this time."""
        return self.filter(
            Q(handed_out_at__isnull=True)
            | Q(handed_out_at__lt=F("next_check_at"))
            | Q(handed_out_at__lt=Now() - for_)
            | Q(handed_out_at__gt=Now())
        )

    def expired(self):
        """Keep sources whose lease ran out before its look was recorded."""
        return self.filter(_is_expired())

    def unless_leased(self):
        """Leave out sources somebody holds a lease of that has not run out."""
        return self.filter(Q(lease_expires_at__isnull=True) | _is_expired())

    def given_up(self):
        """Keep dead letters: sources whose looks kept leaving no outcome, which wait for a person."""
        return self.watched().filter(
            next_check_at__isnull=True,
            lease_expires_at__isnull=True,
            attempts_without_outcome__gte=settings.CHECK_TRIES,
        )

    def watched(self):
        """Keep sources at an address; what was uploaded by hand cannot be looked at again."""
        return self.exclude(url="")


class Source(models.Model):
    """A document at an address, or one uploaded by hand; one record serves every claim that quotes it."""

    class Kind(models.TextChoices):
        ARTICLE = "article", "Article"
        OFFICIAL_RECORD = "official_record", "Official record"
        REPORT = "report", "Report"
        DATASET = "dataset", "Dataset"
        TRANSCRIPT = "transcript", "Transcript"
        SOCIAL_POST = "social_post", "Social post"
        OTHER = "other", "Other"

    class LinkState(models.TextChoices):
        UNKNOWN = "unknown", "Not looked at yet"
        LIVE = "live", "Live"
        MOVED = "moved", "Moved"
        BLOCKED = "blocked", "Blocked"
        FAILING = "failing", "Failing"
        DEAD = "dead", "Dead"
        DEVIATED = "deviated", "No longer that document"

    url = models.CharField("address", max_length=2048, blank=True, help_text="Canonical; empty for an upload.")
    moved_to = models.CharField(max_length=2048, blank=True, help_text="Where a permanent redirect led.")
    title = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ARTICLE)
    publisher = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="sources")
    author = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    is_date_confirmed = models.BooleanField(
        "date confirmed",
        default=False,
        help_text="A person has seen this date; one read by the machine may be wrong.",
    )
    language = models.CharField(max_length=12, blank=True, help_text="BCP 47, as in en or pt-BR.")
    is_primary = models.BooleanField("primary source", default=False)
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="derived",
        help_text="The source this one derives from, as a paper from a wire story.",
    )  # fmt: skip
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    link_state = models.CharField(max_length=12, choices=LinkState, default=LinkState.UNKNOWN)
    link_state_reason = models.CharField(max_length=300, blank=True)
    last_attempted_at = models.DateTimeField(null=True, blank=True)
    last_succeeded_at = models.DateTimeField(null=True, blank=True)
    last_confirmed_at = models.DateTimeField(null=True, blank=True)
    disturbed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its text was last seen to differ, or the document to be gone."
    )
    suspected_state = models.CharField(
        max_length=12, blank=True, choices=LinkState, help_text="What a second look will confirm, or not."
    )
    suspected_at = models.DateTimeField(null=True, blank=True)
    dead_since = models.DateTimeField(null=True, blank=True, help_text="Kept until it is live again.")
    failures_counted = models.PositiveSmallIntegerField(default=0)
    failure_counted_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    unchanged_in_a_row = models.PositiveSmallIntegerField(
        default=0, help_text="Looks since the page was read whole that the site answered with 304."
    )
    last_read_at = models.DateTimeField(null=True, blank=True, help_text="When the page was last read whole.")

    is_relied_on = models.BooleanField(
        "relied on", default=False, help_text="A published claim rests on it; looking at it never stops."
    )
    next_check_at = models.DateTimeField(null=True, blank=True, db_index=True)
    next_check_reason = models.CharField(max_length=200, blank=True)
    attempt = models.PositiveIntegerField(default=0, help_text="Counted before work; the fence of a late result.")
    attempts_without_outcome = models.PositiveSmallIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(
        max_length=120, blank=True, help_text="Who looks, or looked last: host, process and a number of its own."
    )
    handed_out_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="When workers were last told of it, or one last leased it."
    )

    objects = SourceQuerySet.as_manager()
    # The record of who changed what; the machine's own fields move with every look and are in the checks.
    history = HistoricalRecords(
        excluded_fields=[
            "last_attempted_at", "last_succeeded_at", "last_confirmed_at", "disturbed_at", "failures_counted",
            "failure_counted_at", "etag", "last_modified", "unchanged_in_a_row", "next_check_at",
            "next_check_reason", "attempt", "attempts_without_outcome", "lease_expires_at", "lease_owner",
            "handed_out_at", "suspected_state", "suspected_at", "dead_since", "is_relied_on", "last_read_at",
        ]
    )  # fmt: skip

    class Meta:
        ordering = ["-registered_at", "-pk"]
        indexes = [
            Index(fields=["lease_expires_at"], condition=Q(lease_expires_at__isnull=False), name="source_leased"),
        ]
        constraints = [
            UniqueConstraint(fields=["url"], condition=~Q(url=""), name="source_address_is_registered_once"),
            CheckConstraint(condition=~Q(origin=F("id")), name="source_is_not_its_own_origin"),
            CheckConstraint(
                condition=Q(next_check_at__isnull=True) | ~Q(url=""),
                name="source_without_address_is_never_due",
            ),
        ]

    def __str__(self):
        return self.title or self.url or f"Source {self.pk}"

    def get_absolute_url(self):
        return reverse("desk-source", args=[self.pk])
