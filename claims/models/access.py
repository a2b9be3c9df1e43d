"""ApiKey, IdempotencyRecord, RateCount: who may call, how often, and what they were answered."""

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, models
from django.db.models import Q, UniqueConstraint

from . import plain


class ApiKeyQuerySet(models.QuerySet):
    def usable(self, now):
        """Keep keys that are neither revoked nor expired and whose owner is active."""
        return self.filter(revoked_at__isnull=True, owner__is_active=True).filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        )


class Reader(NamedTuple):
    """Who reads by a key: what a read has to know of them, and no more."""

    key_id: int
    scopes: list[str]
    last_used_at: datetime | None
    is_of_desk: bool


class ApiKeyManager(models.Manager.from_queryset(ApiKeyQuerySet)):  # type: ignore[misc]
    def reader(self, *, sha256: str, now: datetime) -> Reader | None:
        """Return who reads by the key with this hash if it may be used now: `usable`, and `view_claim`, in one query.

        In SQL, as it is asked with every read: to compile it costs more than to run it.
        """
        found = plain.first(_READER, [sha256, plain.written(now)])
        if found is None:
            return None
        key_id, scopes, used, is_superuser, is_of_desk = found
        scopes = json.loads(scopes) if isinstance(scopes, str) else scopes
        return Reader(key_id, scopes, plain.moment(used), bool(is_superuser or is_of_desk))


_READER = """
    SELECT held.id, held.scopes, held.last_used_at, owner.is_superuser, EXISTS (
        SELECT 1 FROM auth_permission AS wanted
        JOIN django_content_type AS kind ON kind.id = wanted.content_type_id AND kind.app_label = 'claims'
        WHERE wanted.codename = 'view_claim' AND (
            wanted.id IN (SELECT permission_id FROM auth_user_user_permissions WHERE user_id = owner.id)
            OR wanted.id IN (
                SELECT given.permission_id FROM auth_group_permissions AS given
                JOIN auth_user_groups AS member ON member.group_id = given.group_id
                WHERE member.user_id = owner.id
            )
        )
    )
    FROM claims_apikey AS held JOIN auth_user AS owner ON owner.id = held.owner_id
    WHERE held.sha256 = %s AND held.revoked_at IS NULL AND owner.is_active
        AND (held.expires_at IS NULL OR held.expires_at > %s)
"""


class ApiKey(models.Model):
    """A key to the API; shown once, kept as its SHA-256."""

    name = models.CharField(max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=12, help_text="Its first characters, to tell keys apart.")
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list, help_text="Of read, write, webhooks.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyManager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "API key"

    def __str__(self):
        return f"{self.name} ({self.prefix}…)"


class IdempotencyRecord(models.Model):
    """The answer given to one creating request, kept to be given again."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["owner", "route", "key"], name="idempotency_key_is_used_once"),
        ]

    def __str__(self):
        return f"{self.route} {self.key}"


class RateCountManager(models.Manager):
    def add_one(self, *, subject: str, seconds: int, now: datetime) -> tuple[int, datetime]:
        """Count one more of this subject and return how many its window holds and when it ends.

        A window begins with the first that is counted after the one before ended. One statement, so that of
        any number of parallel requests none is lost and no two get the same number.
        """
        written = [connection.ops.adapt_datetimefield_value(at) for at in (now + timedelta(seconds=seconds), now)]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO claims_ratecount AS held (subject, seconds, count, ends_at) VALUES (%s, %s, 1, %s)
                ON CONFLICT (subject, seconds) DO UPDATE SET
                    count = CASE WHEN held.ends_at <= %s THEN 1 ELSE held.count + 1 END,
                    ends_at = CASE WHEN held.ends_at <= %s THEN excluded.ends_at ELSE held.ends_at END
                RETURNING count, ends_at
                """,
                [subject, seconds, written[0], written[1], written[1]],
            )
            count, ends_at = cursor.fetchone()
        as_time = models.Value(None, output_field=models.DateTimeField())
        for convert in connection.ops.get_db_converters(as_time):
            ends_at = convert(ends_at, as_time, connection)
        return count, ends_at


class RateCount(models.Model):
    """How often one subject did something in the window that stands or stood last."""

    subject = models.CharField(max_length=120, help_text="What is counted, and of whom.")
    seconds = models.PositiveIntegerField(help_text="The window's length.")
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    objects = RateCountManager()

    class Meta:
        constraints = [UniqueConstraint(fields=["subject", "seconds"], name="rate_is_counted_in_one_row")]

    def __str__(self):
        return f"{self.subject} {self.count} in {self.seconds} s"
