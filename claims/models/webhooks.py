"""Endpoint, Delivery, DeliveryAttempt: who is told of public changes, of which, and whether it arrived."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Exists, F, Index, OuterRef, Q, UniqueConstraint
from django.db.models.functions import Now

from .claims import Claim, Topic
from .ledger import Change

# The tries of one delivery, seconds after the one before (R29): 75 h 35 min 5 s from the first to the tenth.
RETRY_WAITS = (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
TRIES = len(RETRY_WAITS) + 1


class EndpointQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Keep a caller's own endpoints; a desk lead sees everybody's."""
        return self if user.has_perm("claims.publish_claim") else self.filter(owner=user)

    def listening(self, claim: Claim):
        """Keep endpoints that are switched on and want to hear of this claim; of which kinds, `wants` says."""
        topics = Endpoint.topics.through.objects.filter(endpoint=OuterRef("pk"))
        claims = Endpoint.claims.through.objects.filter(endpoint=OuterRef("pk"))
        return self.filter(
            Q(Exists(topics.filter(topic__in=claim.topics.all()))) | ~Q(Exists(topics)),
            Q(Exists(claims.filter(claim=claim))) | ~Q(Exists(claims)),
            disabled_at__isnull=True,
        )


class Endpoint(models.Model):
    """An address that is told of public changes; without filters, of every one."""

    class Reason(models.TextChoices):
        PERSON = "person", "Switched off by a person"
        GONE = "gone", "Answered 410 Gone"
        FAILING = "failing", "Five days of failures only"

    GIVEN_UP = (Reason.GONE, Reason.FAILING)

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhook_endpoints")
    url = models.CharField("address", max_length=2048)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(default=list, blank=True, help_text="Kinds of the ledger; none means all of them.")
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", help_text="None means all of them.")
    claims = models.ManyToManyField(Claim, blank=True, related_name="+", help_text="None means all of them.")
    secret = models.TextField(help_text="Encrypted.")
    old_secret = models.TextField(blank=True, help_text="Encrypted; signs too until `old_secret_until`.")
    old_secret_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=8, choices=Reason, blank=True)
    owner_told_at = models.DateTimeField(null=True, blank=True, help_text="Of being switched off by the service.")
    failing_since = models.DateTimeField(null=True, blank=True, help_text="The first of the failures in a row.")
    last_failed_at = models.DateTimeField(null=True, blank=True)
    last_delivered_at = models.DateTimeField(null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "webhook endpoint"
        constraints = [
            CheckConstraint(
                condition=Q(disabled_at__isnull=True, disabled_reason="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_reason="")),
                name="endpoint_off_says_why",
            )
        ]

    def __str__(self):
        return self.url

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None

    @property
    def is_given_up(self) -> bool:
        """Whether the service, and not a person, switched it off."""
        return self.disabled_reason in Endpoint.GIVEN_UP

    def wants(self, kind: str) -> bool:
        """Whether it is told of this kind of change."""
        return not self.events or kind in self.events


class DeliveryQuerySet(models.QuerySet):
    """A lease has ended when the database's clock says so; when to try again is told by the caller's clock."""

    def waiting(self):
        """Keep deliveries that are still to be sent."""
        return self.filter(state=Delivery.State.WAITING)

    def leased(self):
        return self.waiting().filter(lease_expires_at__gt=Now())

    def due(self, now: datetime):
        """Keep those to be sent now: their time has come, nobody has them in hand, their endpoint is on."""
        return self.waiting().filter(
            Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lte=Now()),
            next_attempt_at__lte=now,
            tries__lt=TRIES,
            endpoint__disabled_at__isnull=True,
        )


class Delivery(models.Model):
    """One event for one endpoint: the bytes to send, and how far it has come."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    TEST = "test"  # an event of no claim, sent to try an endpoint out; never in the ledger

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+", help_text="None for a test.")
    message_id = models.CharField(max_length=40, unique=True, help_text="webhook-id, the same on every try.")
    event = models.CharField(max_length=20, help_text="A kind of the ledger, or test.")
    body = models.TextField(help_text="What is signed and sent, as UTF-8.")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it waits or failed.")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, db_index=True)
    next_attempt_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Since it was queued, or queued again.")
    attempt = models.PositiveIntegerField(default=0, help_text="Ever begun; fences off a late record.")
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_expires_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "deliveries"
        constraints = [
            UniqueConstraint(fields=["change", "endpoint"], name="endpoint_is_told_once_of_a_change"),
            CheckConstraint(
                condition=Q(state="waiting", next_attempt_at__isnull=False, finished_at__isnull=True)
                | (~Q(state="waiting") & Q(next_attempt_at__isnull=True, finished_at__isnull=False)),
                name="delivery_waits_or_is_finished",
            ),
        ]
        indexes = [
            Index(F("endpoint"), F("next_attempt_at"), condition=Q(state="waiting"), name="delivery_waiting"),
            Index(F("endpoint"), F("id").desc(), name="delivery_of_endpoint"),
        ]

    def __str__(self):
        return f"{self.event} {self.message_id}"


class DeliveryAttempt(models.Model):
    """One post of a delivery: what was sent beside the body, and what came back."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    url = models.CharField("address", max_length=2048)
    sent_at = models.DateTimeField()
    request_headers = models.JSONField(default=dict)
    outcome = models.CharField(max_length=20)
    http_status = models.PositiveSmallIntegerField(null=True)
    response = models.TextField(blank=True, help_text="The first 16 KiB of the answer's body.")
    reason = models.CharField(max_length=200, blank=True)
    seconds = models.FloatField(default=0)

    class Meta:
        ordering = ["-number"]
        constraints = [UniqueConstraint(fields=["delivery", "number"], name="attempt_is_recorded_once")]

    def __str__(self):
        return f"{self.delivery_id} no. {self.number}: {self.outcome}"
