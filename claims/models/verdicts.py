"""Verdict and Seal: the rating agreed on, why, and on what. Rating: a value on the desk's scale.

SealSalt: what keeps a person's name out of seals.
"""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from simple_history.models import HistoricalRecords

from .claims import Claim


class Rating(models.Model):
    """A value on the desk's scale; one in use is retired, never removed."""

    slug = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=60)
    meaning = models.CharField(max_length=300, help_text="One sentence for readers: when the desk uses it.")
    claimreview_value = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="1 (false) to 5 (true); empty when it orders no truth."
    )
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            CheckConstraint(
                condition=Q(claimreview_value__isnull=True) | Q(claimreview_value__gte=1, claimreview_value__lte=5),
                name="rating_value_is_1_to_5",
            ),
        ]

    def __str__(self):
        return self.label


class Verdict(models.Model):
    """The rating agreed on in one round of review, and its public explanation."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="verdicts")
    round = models.PositiveSmallIntegerField()
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    finding = models.CharField(max_length=300, blank=True, help_text="One public sentence.")
    explanation = models.TextField(blank=True, max_length=20000, help_text="Public: how we know.")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        help_text="Who wrote the finding and the explanation.",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-round"]
        constraints = [
            UniqueConstraint(fields=["claim", "round"], name="claim_has_one_verdict_per_round"),
        ]

    def __str__(self):
        return f"{self.claim.code}: {self.rating}"

    @property
    def is_written(self) -> bool:
        return bool(self.finding and self.explanation)


class Seal(models.Model):
    """What a verdict rested on: one canonical JSON and its SHA-256; never edited. The newest is the current one."""

    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="seals")
    document = models.TextField(help_text="Canonical JSON: quotes, surroundings, hashes, stances, reviewers.")
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["-sealed_at", "-pk"]

    def __str__(self):
        return self.sha256


class SealSalt(models.Model):
    """The salt by which a person stands in seals; without it nobody can tell whom a seal means (R23).

    Deleting the row takes the person out of every seal, and changes none of them.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    salt = models.CharField(max_length=64)

    def __str__(self):
        return f"salt of {self.person}"
