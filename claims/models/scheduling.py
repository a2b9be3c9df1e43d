"""ScheduledPublication: an approved revision that is published at a time, unless anything changes before."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from .claims import Claim
from .publishing import Correction


class ScheduledPublicationQuerySet(models.QuerySet):
    def waiting(self):
        """Keep those whose time is still to come, or whose sweep is."""
        return self.filter(state=ScheduledPublication.State.WAITING)

    def due(self, now):
        return self.waiting().filter(publish_at__lte=now)


class ScheduledPublication(models.Model):
    """A desk lead's approval of exactly one revision of a claim, to be published later."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        PUBLISHED = "published", "Published"
        VOIDED = "voided", "Voided"
        CANCELLED = "cancelled", "Cancelled"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="schedules")
    revision_sha256 = models.CharField(max_length=64, help_text="Of exactly the revision that was approved.")
    kind = models.CharField(max_length=14, choices=Correction.Kind, blank=True, help_text="Empty: first published.")
    reason = models.TextField(max_length=2000, blank=True, help_text="Public, where it corrects.")
    publish_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_reason = models.CharField(max_length=500, blank=True)

    objects = ScheduledPublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-approved_at", "-pk"]
        indexes = [models.Index(fields=["publish_at"], condition=Q(state="waiting"), name="schedule_waiting_by_time")]
        constraints = [
            UniqueConstraint(fields=["claim"], condition=Q(state="waiting"), name="claim_has_one_waiting_schedule"),
            CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="schedule_ended_has_its_time",
            ),
            CheckConstraint(condition=~Q(state="voided") | ~Q(ended_reason=""), name="schedule_voided_says_why"),
        ]

    def __str__(self):
        return f"{self.claim.code} at {self.publish_at:%Y-%m-%d %H:%M} UTC"
