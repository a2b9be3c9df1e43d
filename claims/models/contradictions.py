"""Contradiction: two figures that cannot both stand."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from .claims import Claim
from .evidence import Evidence


class Contradiction(models.Model):
    """A claim whose figure conflicts with another claim's, or with its own evidence."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="contradictions")
    other_claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="+")
    evidence = models.ForeignKey(Evidence, models.CASCADE, null=True, blank=True, related_name="contradictions")
    reason = models.CharField(max_length=500)
    found_at = models.DateTimeField()
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            CheckConstraint(
                condition=Q(other_claim__isnull=False, evidence__isnull=True)
                | Q(other_claim__isnull=True, evidence__isnull=False),
                name="contradiction_has_one_other_side",
            ),
            CheckConstraint(
                condition=Q(dismissed_at__isnull=True) | ~Q(dismissal_reason=""),
                name="contradiction_dismissed_says_why",
            ),
            UniqueConstraint(fields=["claim", "other_claim"], name="claims_contradict_once"),
            UniqueConstraint(fields=["claim", "evidence"], name="evidence_contradicts_once"),
        ]

    def __str__(self):
        return self.reason
