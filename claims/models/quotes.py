"""QuoteCheck: is a quoted passage still in its source, and the same."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from sources.models import Snapshot

from .claims import Appearance
from .evidence import Evidence
from .noise import NoiseRule


class QuoteCheckQuerySet(models.QuerySet):
    def of_present_words(self):
        """Keep checks of the words as they are sealed now: those before the quote was re-sealed compared others."""
        kept = Q()
        for passage in ("evidence", "appearance"):
            later = Q(snapshot__fetched_at__gte=F(f"{passage}__snapshot__fetched_at"))
            kept |= later & ~Q(snapshot=F(f"{passage}__snapshot"))
        return self.filter(kept)

    def telling(self):
        """Keep checks that could say anything; a wall or an error page says nothing about a quote."""
        return self.exclude(result=QuoteCheck.Result.NOT_CHECKABLE)


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
    is_only_punctuation = models.BooleanField(
        default=False, help_text="Reworded in nothing but punctuation, quote marks or white space: nobody is alarmed."
    )
    first_seen_at = models.DateTimeField(
        help_text="When the first of the looks in a row that gave this result fetched the page."
    )
    awaits_confirmation = models.BooleanField(
        default=False, help_text="Worse than intact, and neither confirmed, overtaken nor hidden yet."
    )
    hidden_by = models.ForeignKey(NoiseRule, models.SET_NULL, null=True, blank=True, related_name="hidden_checks")

    objects = QuoteCheckQuerySet.as_manager()

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
        indexes = [
            models.Index(fields=["snapshot"], condition=Q(awaits_confirmation=True), name="quote_check_awaiting"),
        ]

    def __str__(self):
        return f"{self.get_result_display()}: {self.reason}"

    @property
    def severity(self) -> int:
        return self.SEVERITY.get(self.Result(self.result), 0)

    @property
    def calls(self) -> bool:
        """Whether somebody has to hear of it, once it is confirmed."""
        return self.severity > 0 and not self.is_only_punctuation

    @property
    def is_name_swapped(self) -> bool:
        """Whether what was reworded is a name, which is listed before plain rewordings."""
        return self.result == self.Result.REWORDED and self.reason.startswith("A name")


class FollowMark(models.Model):
    """The one row that says how far quotes have been looked for: ids, each of the newest row that is settled."""

    snapshot = models.PositiveBigIntegerField(default=0)
    evidence = models.PositiveBigIntegerField(default=0)
    appearance = models.PositiveBigIntegerField(default=0)
    check_id = models.PositiveBigIntegerField(default=0, help_text="Of the looks that found a source gone.")

    class Meta:
        constraints = [CheckConstraint(condition=Q(id=1), name="follow_mark_is_one")]

    def __str__(self):
        return f"snapshot {self.snapshot}"
