"""Evidence: a quoted passage of a snapshot, and what it says about one claim."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from simple_history.models import HistoricalRecords

from sources.models import Snapshot

from .claims import Claim
from .passages import Passage


class EvidenceQuerySet(models.QuerySet):
    def accepted(self):
        """Keep evidence whose stance a person has set or accepted."""
        return self.filter(accepted_at__isnull=False)


class Evidence(Passage):
    """A passage of a snapshot, and what it says about one claim."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "Supports"
        PARTLY_SUPPORTS = "partly_supports", "Partly supports"
        REFUTES = "refutes", "Refutes"
        CONTEXT = "context", "Context"
        FAILED_VERIFICATION = "failed_verification", "Failed verification"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="evidence")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    stance = models.CharField(max_length=24, choices=Stance)
    note = models.TextField(blank=True, max_length=5000, help_text="Public: why this passage bears on the claim.")
    figures = models.JSONField(default=list, blank=True, help_text="The quantities the passage gives.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(
        null=True,
        help_text="When a person set or accepted the stance; empty while it is a machine's proposal.",
    )
    confirmed_at = models.DateTimeField(help_text="When the quote was last known to stand in its source.")
    version = models.PositiveIntegerField(default=1)

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Passage.Meta):
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [
            *Passage.Meta.constraints,
            UniqueConstraint(fields=["claim", "snapshot", "start", "end"], name="evidence_is_attached_once"),
            CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="evidence_accepted_names_who",
            ),
        ]

    def __str__(self):
        return f"{self.get_stance_display()}: “{self.quote[:60]}”"
