"""QuoteCheck: is a quoted passage still in its source, and the same."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from sources.models import Snapshot

from .claims import Appearance
from .evidence import Evidence


class QuoteCheck(models.Model):
    """One quote looked for in one later snapshot, and what was found."""

    class Result(models.TextChoices):
        INTACT = "intact", "Intact"
        REWORDED = "reworded", "Reworded"
        MISSING = "missing", "Missing"
        FIGURE_CHANGED = "figure_changed", "Figure changed"
        NOT_CHECKABLE = "not_checkable", "Not checkable"

    # The rising severity of DESIGN.md; what cannot be checked worsens nothing and is not in it.
    SEVERITY = {Result.INTACT: 0, Result.REWORDED: 1, Result.MISSING: 2, Result.FIGURE_CHANGED: 3}

    evidence = models.ForeignKey(Evidence, models.CASCADE, null=True, blank=True, related_name="quote_checks")
    appearance = models.ForeignKey(Appearance, models.CASCADE, null=True, blank=True, related_name="quote_checks")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    result = models.CharField(max_length=14, choices=Result)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    passage = models.TextField(blank=True, help_text="What stands there now.")
    changed = models.JSONField(default=list, blank=True, help_text="The figures, names and negations that differ.")
    reason = models.CharField(max_length=500)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["-checked_at", "-pk"]
        get_latest_by = ["checked_at", "pk"]
        constraints = [
            CheckConstraint(
                condition=Q(evidence__isnull=False, appearance__isnull=True)
                | Q(evidence__isnull=True, appearance__isnull=False),
                name="quote_check_is_of_one_quote",
            ),
            UniqueConstraint(fields=["evidence", "snapshot"], name="evidence_is_checked_once_per_snapshot"),
            UniqueConstraint(fields=["appearance", "snapshot"], name="appearance_is_checked_once_per_snapshot"),
        ]

    def __str__(self):
        return f"{self.get_result_display()}: {self.reason}"
