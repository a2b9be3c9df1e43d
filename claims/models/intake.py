"""Article: a source taken apart into claims. Candidate: a checkable passage of it."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from sources.models import Snapshot, Source

from .passages import Passage


class Article(models.Model):
    """A source that the desk takes apart, and how far that has come."""

    class Progress(models.TextChoices):
        WAITING = "waiting", "Waiting to be read"
        READ = "read", "Read"
        FAILED = "failed", "Could not be read"

    source = models.OneToOneField(Source, models.CASCADE, related_name="+")
    progress = models.CharField(max_length=8, choices=Progress, default=Progress.WAITING)
    progress_reason = models.CharField(max_length=300, blank=True)
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="The text its candidates were read from.",
    )  # fmt: skip
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            CheckConstraint(
                condition=~Q(progress="read") | Q(snapshot__isnull=False), name="article_read_has_a_snapshot"
            ),
        ]

    def __str__(self):
        return str(self.source)

    def get_absolute_url(self):
        return reverse("desk-article", args=[self.pk])


class Candidate(Passage):
    """A passage of an article that may hold a checkable claim, and what became of it."""

    class Decision(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted as a claim"
        MERGED = "merged", "Merged into a claim"
        DISMISSED = "dismissed", "Dismissed"

    article = models.ForeignKey(Article, models.CASCADE, related_name="candidates")
    score = models.FloatField(help_text="How likely a person would check it, 0 to 1.")
    reasons = models.JSONField(default=list)
    claimant = models.CharField(max_length=300, blank=True, help_text="As the sentence names them.")
    figures = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    claim = models.ForeignKey("claims.Claim", models.PROTECT, null=True, related_name="candidates")

    class Meta(Passage.Meta):
        ordering = ["-score", "start"]
        constraints = [
            *Passage.Meta.constraints,
            UniqueConstraint(fields=["article", "start", "end"], name="candidate_passage_is_listed_once"),
            CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="candidate_score_is_0_to_1"),
            CheckConstraint(
                condition=Q(decision="open", decided_at__isnull=True)
                | (~Q(decision="open") & Q(decided_at__isnull=False)),
                name="candidate_decision_has_its_time",
            ),
            CheckConstraint(
                condition=~Q(decision__in=["accepted", "merged"]) | Q(claim__isnull=False),
                name="candidate_taken_has_its_claim",
            ),
        ]

    def __str__(self):
        return self.quote[:80]
