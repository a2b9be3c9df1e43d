"""Alert: a changed source, and what rests on it."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Coalesce

from sources.models import Source

from .claims import Claim
from .quotes import QuoteCheck


class AlertQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answered_at__isnull=True)

    def calling(self, now):
        """Keep open alerts that need a person now; those told to wait come back by themselves."""
        return self.unanswered().exclude(wait_until__gt=now)

    def pressing_first(self):
        """Order by the worst change, and among equals by what rose last."""
        return self.order_by("-severity", Coalesce("worsened_at", "opened_at").desc(), "-pk")


class Alert(models.Model):
    """One changed or vanished source that needs a person; it absorbs later changes while open."""

    class Answer(models.TextChoices):
        NOISE = "noise", "Noise"
        MOVED = "moved", "Moved to another address"
        SAME_MEANING = "same_meaning", "Same meaning: re-seal"
        FAILED_VERIFICATION = "failed_verification", "Failed verification: reopen"
        WAIT = "wait", "Wait"
        RETURNED = "returned", "The source says the sealed words again"
        CORRECTED = "corrected", "The claim was corrected or withdrawn"

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    severity = models.PositiveSmallIntegerField(default=0, help_text="Of its worst item; 0 when no quote changed.")
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    worsened_at = models.DateTimeField(null=True, blank=True)
    wait_until = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=20, choices=Answer, blank=True)
    answer_note = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-severity", "opened_at"]
        constraints = [
            UniqueConstraint(
                fields=["source"], condition=Q(answered_at__isnull=True), name="source_has_one_open_alert"
            ),
            CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="alert_answered_has_an_answer",
            ),
        ]

    def __str__(self):
        return f"{self.source}: {self.reason}"


class AlertAnswer(models.Model):
    """What a person, or the source itself, said to an alert, for some or all of the claims it lists."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="answers")
    answer = models.CharField(max_length=20, choices=Alert.Answer)
    note = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]

    def __str__(self):
        return f"{self.get_answer_display()}: {self.note}"


class AlertItemQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answer__isnull=True)

    def on_evidence(self):
        """Keep items whose verdict rests on the passage: accepted evidence, and not where a claim was merely said."""
        return self.filter(quote_check__evidence__accepted_at__isnull=False)


class AlertItem(models.Model):
    """One claim that rests on the source, with the changed quote; without one where the source is gone."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="items")
    answer = models.ForeignKey(
        AlertAnswer, models.SET_NULL, null=True, blank=True, related_name="items",
        help_text="What settled it; empty while it is open.",
    )  # fmt: skip
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="alert_items")
    quote_check = models.ForeignKey(QuoteCheck, models.CASCADE, null=True, blank=True, related_name="alert_items")
    listed_at = models.DateTimeField()

    objects = AlertItemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(fields=["alert", "quote_check"], name="quote_check_is_listed_once_per_alert"),
            UniqueConstraint(
                fields=["alert", "claim"],
                condition=Q(quote_check__isnull=True),
                name="claim_is_listed_once_per_gone_source",
            ),
        ]

    def __str__(self):
        return f"{self.claim}: {self.quote_check or self.alert.reason}"
