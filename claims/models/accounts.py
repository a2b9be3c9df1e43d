"""Session, Invitation, AccountEvent: who is signed in where, who was asked to join, and what became of accounts."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A signed-in browser, with whose it is, so that all sessions of one person can be ended."""

    # Without a constraint: a session is written whatever became of its person, and means nothing without one.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_constraint=False, related_name="sessions"
    )

    @classmethod
    def get_session_store_class(cls):
        from claims.sessions import SessionStore

        return SessionStore


class InvitationQuerySet(models.QuerySet):
    def open(self, now):
        """Keep the links that can still be used."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)


class Invitation(models.Model):
    """A link by mail that works once and not for long: to an account, or for its `person` to a new password."""

    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=150, blank=True, help_text="The role of the account to be made.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="invitations",
        help_text="Whose password is chosen anew, or whose account came of it.",
    )  # fmt: skip
    is_for_password = models.BooleanField(default=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]

    def __str__(self):
        return f"{self.email}, {self.role or 'a new password'}"


class AccountEvent(models.Model):
    """Something that was done to an account, by whom; never edited."""

    class Kind(models.TextChoices):
        INVITED = "invited", "Invited"
        JOINED = "joined", "Joined"
        ROLE = "role", "Role changed"
        DETAILS = "details", "Name or mail changed"
        DISABLED = "disabled", "Switched off"
        ENABLED = "enabled", "Switched on again"
        PASSWORD = "password", "Password changed"
        PASSWORD_LINK = "password_link", "Link for a new password sent"
        SECOND_FACTOR_ON = "second_factor_on", "Second factor set up"
        SECOND_FACTOR_OFF = "second_factor_off", "Second factor taken away"
        RECOVERY_CODES = "recovery_codes", "New recovery codes"
        RECOVERY_USED = "recovery_used", "Signed in with a recovery code"
        SIGNED_OUT = "signed_out", "Signed out everywhere"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="account_events")
    kind = models.CharField(max_length=20, choices=Kind)
    detail = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.person}: {self.get_kind_display()}"
