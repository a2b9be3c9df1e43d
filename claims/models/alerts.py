"""Alert: a changed source, and what rests on it."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from sources.models import Source

from .claims import Claim
from .quotes import QuoteCheck


class Alert(models.Model):
    """One changed or vanished source that needs a person; it absorbs later changes while open."""

    class Answer(models.TextChoices):
        NOISE = "noise", "Noise"
        MOVED = "moved", "Moved to another address"
        SAME_MEANING = "same_meaning", "Same meaning: re-seal"
        FAILED_VERIFICATION = "failed_verification", "Failed verification: reopen"
        WAIT = "wait", "Wait"
        RETURNED = "returned", "The source says the sealed words again"

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


class AlertItem(models.Model):
    """One claim that rests on the source, with the changed quote; without one where the source is gone."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="items")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="alert_items")
    quote_check = models.ForeignKey(QuoteCheck, models.CASCADE, null=True, blank=True, related_name="alert_items")

    class Meta:
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(fields=["alert", "quote_check"], name="quote_check_is_listed_once_per_alert"),
        ]

    def __str__(self):
        return f"{self.claim}: {self.quote_check or self.alert.reason}"
