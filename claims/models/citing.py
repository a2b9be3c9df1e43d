"""CitationUse: which article used which version of a claim."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from .publishing import Publication


class CitationUse(models.Model):
    """An article in which an editor used a published claim, and what was done when that claim moved."""

    class Answer(models.TextChoices):
        OPEN = "", "Open"
        FIXED = "fixed", "Fixed"
        NOT_AFFECTED = "not_affected", "Not affected"
        LATER = "later", "Later"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="uses")
    article_url = models.CharField(max_length=2048)
    article_title = models.CharField(max_length=300, blank=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="citation_uses")
    used_at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer, blank=True, default=Answer.OPEN)
    answer_reason = models.CharField(max_length=500, blank=True)
    later_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-used_at", "-pk"]
        constraints = [
            UniqueConstraint(fields=["publication", "article_url"], name="use_is_recorded_once_per_article"),
            CheckConstraint(condition=~Q(answer="later") | Q(later_on__isnull=False), name="use_later_has_a_date"),
            CheckConstraint(
                condition=~Q(answer="not_affected") | ~Q(answer_reason=""), name="use_not_affected_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.publication} in {self.article_title or self.article_url}"
