"""Review: one reviewer's judgement. ReviewerNote: the desk's own talk beside a claim."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from .claims import Claim
from .verdicts import Rating


class Review(models.Model):
    """One reviewer's rating and rationale in one round of a claim's review; never edited."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="reviews")
    claim_version = models.PositiveIntegerField()
    round = models.PositiveSmallIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    rationale = models.TextField(max_length=5000)
    reviewed_at = models.DateTimeField()

    class Meta:
        ordering = ["reviewed_at", "pk"]
        constraints = [
            UniqueConstraint(fields=["claim", "round", "reviewer"], name="reviewer_judges_once_per_round"),
            CheckConstraint(condition=~Q(rationale=""), name="review_has_a_rationale"),
        ]

    def __str__(self):
        return f"{self.reviewer}: {self.rating}"


class ReviewerNote(models.Model):
    """A note in the thread beside a claim; internal, never in any public output."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(max_length=5000)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [CheckConstraint(condition=~Q(text=""), name="note_has_a_text")]

    def __str__(self):
        return f"{self.author}: {self.text[:60]}"
