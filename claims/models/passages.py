"""Passage: a quote tied to its place in a snapshot; what an appearance and a piece of evidence have in common."""

from django.db import models
from django.db.models import CheckConstraint, F, Q


class Passage(models.Model):
    """A quote with its offsets and surroundings (W3C TextQuoteSelector and TextPositionSelector).

    Offsets are code points into the snapshot's text, end exclusive.
    """

    quote = models.TextField(help_text="The exact words, as they stand in the snapshot.")
    prefix = models.TextField(blank=True, help_text="Up to 200 code points before the quote.")
    suffix = models.TextField(blank=True, help_text="Up to 200 code points after it.")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        abstract = True
        constraints = [
            CheckConstraint(condition=~Q(quote=""), name="%(class)s_has_a_quote"),
            CheckConstraint(condition=Q(end__gt=F("start")), name="%(class)s_ends_after_its_start"),
        ]
