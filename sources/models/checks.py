"""SourceCheck: one later look at a source, and its outcome."""

from django.conf import settings
from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from .snapshots import Snapshot
from .sources import Source


class SourceCheck(models.Model):
    """One look at a source: what came back, and what the source's link state became."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="checks")
    attempt = models.PositiveIntegerField(help_text="The source's attempt this look was; one row each.")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Set when a person asked for it; empty when it was due.",
    )  # fmt: skip
    checked_at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    final_url = models.CharField(max_length=2048, blank=True)
    byte_count = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    link_state = models.CharField(max_length=12, choices=Source.LinkState)
    page_class = models.CharField(max_length=14, choices=Snapshot.PageClass, blank=True)
    has_changed = models.BooleanField(default=False, help_text="The document differs from before; noise is no change.")
    is_live_again = models.BooleanField(default=False, help_text="It was dead before this look.")
    reason = models.CharField(max_length=300, blank=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="checks")

    class Meta:
        ordering = ["-checked_at", "-pk"]
        indexes = [
            Index(fields=["source", "checked_at"], condition=Q(has_changed=True), name="check_that_saw_a_change"),
        ]
        constraints = [
            UniqueConstraint(fields=["source", "attempt"], name="check_is_recorded_once_per_attempt"),
        ]

    def __str__(self):
        return f"{self.source}: {self.outcome} at {self.checked_at:%Y-%m-%d %H:%M} UTC"
