"""Policy: how many must agree, on how many sources, when a claim is looked at again. RuleOverride: an exception."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from simple_history.models import HistoricalRecords

from .claims import Claim


class Policy(models.Model):
    """The desk's own values, one row; an empty one means the installation's setting."""

    reviews_required = models.PositiveSmallIntegerField(
        "reviewers who must agree", null=True, blank=True, help_text="1 to 9."
    )
    origins_required = models.PositiveSmallIntegerField(
        "independent origins", null=True, blank=True,
        help_text="Of the evidence that decides: five papers with one wire story are one origin. 1 to 9.",
    )  # fmt: skip
    review_by_days = models.PositiveIntegerField(
        "days until a decided claim is looked at again",
        null=True,
        blank=True,
        help_text="0: none.",
    )
    review_by_days_pressing = models.PositiveIntegerField(
        "the same for urgent and high priority", null=True, blank=True, help_text="0: none."
    )
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            CheckConstraint(condition=Q(id=1), name="policy_is_one"),
            CheckConstraint(
                condition=Q(reviews_required__isnull=True) | Q(reviews_required__gte=1, reviews_required__lte=9),
                name="policy_reviews_are_1_to_9",
            ),
            CheckConstraint(
                condition=Q(origins_required__isnull=True) | Q(origins_required__gte=1, origins_required__lte=9),
                name="policy_origins_are_1_to_9",
            ),
        ]

    def __str__(self):
        return "The desk's policy"


class RuleOverride(models.Model):
    """A desk lead's exception to one rule of the policy, for one round of one claim, with its reason."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="overrides")
    round = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=40)
    missing = models.CharField(max_length=500, help_text="What was missing then.")
    reason = models.CharField(max_length=500)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            UniqueConstraint(fields=["claim", "round", "rule"], name="rule_is_overridden_once_per_round"),
            CheckConstraint(condition=~Q(reason=""), name="override_says_why"),
        ]

    def __str__(self):
        return f"{self.rule}: {self.reason}"
