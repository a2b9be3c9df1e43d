"""CandidateWeights: what a desk's own decisions say the features of a sentence weigh."""

from django.db import models


class CandidateWeights(models.Model):
    """One training on the desk's accepted and dismissed candidates; the newest decides which weights are used."""

    trained_at = models.DateTimeField()
    decisions = models.PositiveIntegerField(help_text="Decisions it learned from.")
    held_back = models.PositiveIntegerField(help_text="Decisions it was measured on, and has not seen.")
    precision_before = models.FloatField(help_text="Average precision of the shipped weights on those.")
    precision_after = models.FloatField(help_text="Of these weights.")
    is_used = models.BooleanField(help_text="Only if better.")
    bias = models.FloatField()
    weights = models.JSONField()

    class Meta:
        ordering = ["-trained_at", "-pk"]
        verbose_name_plural = "candidate weights"

    def __str__(self):
        return f"{self.precision_before:.3f} to {self.precision_after:.3f}"
