"""What the desk keeps of its own work: who looks at what, each person's keys and filters, and changes made to many."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from .claims import Claim
from .reviews import ReviewerNote


class Presence(models.Model):
    """Somebody has a claim open; it holds for as long as their page goes on saying so."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "presence"
        constraints = [UniqueConstraint(fields=["claim", "person"], name="person_is_present_once")]

    def __str__(self):
        return f"{self.person} at {self.claim_id}"


class DeskPreference(models.Model):
    """How one person works at the desk: with keys or without, and which."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="desk_preference"
    )
    keys_on = models.BooleanField("keys are on", default=True)
    keys = models.JSONField(default=dict, help_text="Action to key, where it is not the usual one.")

    def __str__(self):
        return f"keys of {self.person}"


class SavedFilter(models.Model):
    """A view of the queue that one person comes back to."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600, help_text="As it stands in the queue's address.")

    class Meta:
        ordering = ["name"]
        constraints = [
            UniqueConstraint(fields=["person", "name"], name="saved_filter_has_its_own_name"),
            CheckConstraint(condition=~Q(name=""), name="saved_filter_has_a_name"),
        ]

    def __str__(self):
        return self.name


class Mention(models.Model):
    """A colleague named in a note, who is told of it until they have read it."""

    note = models.ForeignKey(ReviewerNote, models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [UniqueConstraint(fields=["note", "person"], name="person_is_mentioned_once_in_a_note")]
        indexes = [models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="mention_unread")]

    def __str__(self):
        return f"{self.person} in a note on {self.note.claim_id}"


class BulkAction(models.Model):
    """One change asked for many claims at once; undone once, as a whole."""

    class Kind(models.TextChoices):
        ASSIGN = "assign", "Assign"
        PRIORITY = "priority", "Set the priority"
        REVIEW_BY = "review_by", "Set the day to review by"

    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=40, blank=True, help_text="A person, a priority or a day; empty for none.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.at:%d %B %Y, %H:%M}"


class BulkOutcome(models.Model):
    """What came of it for one claim: done, or the reason why not; and the same for the undoing."""

    action = models.ForeignKey(BulkAction, models.CASCADE, related_name="outcomes")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    is_done = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was not done.")
    before = models.CharField(max_length=40, blank=True, help_text="The value it had.")
    version = models.PositiveIntegerField(help_text="The claim's version afterwards.")
    is_undone = models.BooleanField(default=False)
    undo_reason = models.CharField(max_length=500, blank=True, help_text="Why it could not be undone.")

    class Meta:
        ordering = ["pk"]
        constraints = [UniqueConstraint(fields=["action", "claim"], name="bulk_outcome_is_one_per_claim")]

    def __str__(self):
        return f"{self.claim}: {self.reason or 'done'}"
