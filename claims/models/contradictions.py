"""Contradiction: two figures that cannot both stand. CountedWord: by which claims about one thing are found."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from simple_history.models import HistoricalRecords

from .claims import Claim
from .evidence import Evidence


class ContradictionQuerySet(models.QuerySet):
    def standing(self):
        """Keep those whose figures conflict now, whatever a person said of them."""
        return self.filter(closed_at__isnull=True)

    def unexplained(self):
        """Keep those that stand and that nobody has explained."""
        return self.standing().filter(dismissed_at__isnull=True)

    def of_claim(self, claim_id: int):
        """Keep those in which this claim is either side."""
        return self.filter(Q(claim=claim_id) | Q(other_claim=claim_id))

    def with_evidence(self):
        """Keep those between a claim and a passage of its own that is said to support it."""
        return self.filter(evidence__isnull=False)


class Contradiction(models.Model):
    """A claim whose figure conflicts with another claim's, or with its own evidence; a machine finding.

    Of two claims the one with the lower id is `claim`, so that a pair is one row. A finding that no longer
    holds is closed; one that a person explained stays dismissed for as long as its reason is the same.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="contradictions")
    other_claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="+")
    evidence = models.ForeignKey(Evidence, models.CASCADE, null=True, blank=True, related_name="contradictions")
    reason = models.CharField(max_length=500)
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When the figures were seen to agree again.")
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissal_reason = models.CharField(max_length=500, blank=True)

    objects = ContradictionQuerySet.as_manager()
    history = HistoricalRecords()

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
            CheckConstraint(
                condition=Q(other_claim__isnull=True) | Q(other_claim__gt=F("claim")),
                name="contradiction_names_the_older_claim_first",
            ),
            UniqueConstraint(fields=["claim", "other_claim"], name="claims_contradict_once"),
            UniqueConstraint(fields=["claim", "evidence"], name="evidence_contradicts_once"),
        ]

    def __str__(self):
        return self.reason

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.dismissed_at is None


class CountedWord(models.Model):
    """What a claim counts, with one word of it; derived from its text and figures and written anew with them."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)

    class Meta:
        constraints = [UniqueConstraint(fields=["key", "claim"], name="counted_word_is_listed_once")]

    def __str__(self):
        return self.key
