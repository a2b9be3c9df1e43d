"""NoiseRule: a kind of change in one source that a person has called noise."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q

from sources.models import Source


class NoiseRuleQuerySet(models.QuerySet):
    def active(self, now):
        """Keep rules that hide anything today."""
        return self.filter(expires_at__gt=now, ended_at__isnull=True)


class NoiseRule(models.Model):
    """Which rewordings of quotes from one source raise no alert; never a figure, a negation or a name."""

    class Kind(models.TextChoices):
        EXACT = "exact", "Exactly these words for those"
        SEALED = "sealed", "Any wording in place of these sealed words"

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    answer = models.ForeignKey("claims.AlertAnswer", models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=8, choices=Kind)
    changes = models.JSONField(help_text="Pairs of sealed and present words, in the order of the passage.")
    reason = models.CharField(max_length=500)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = NoiseRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            CheckConstraint(condition=~Q(reason=""), name="noise_rule_says_why"),
            CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="noise_rule_expires"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.words}"

    @property
    def words(self) -> str:
        """The changes in words a person can check."""
        if self.kind == self.Kind.SEALED:
            return "; ".join(f"“{old}”" if old else "words added" for old, _ in self.changes)
        return "; ".join(f"“{new or 'nothing'}” for “{old or 'nothing'}”" for old, new in self.changes)
