"""Change: one row per public change, in order and without a gap."""

from django.db import models
from django.db.models import CheckConstraint, Q

from . import plain
from .claims import Claim


class LedgerHead(models.Model):
    """The one row that hands out sequence numbers; locking it puts public changes in order."""

    next_seq = models.PositiveBigIntegerField(default=0)
    documents_changed = models.PositiveBigIntegerField(
        default=0, help_text="How often any public document changed; what the ETags of lists are made of."
    )

    class Meta:
        constraints = [CheckConstraint(condition=Q(id=1), name="ledger_has_one_head")]

    def __str__(self):
        return f"next is {self.next_seq}"


class ChangeManager(models.Manager):
    def following(self, after: int, limit: int) -> list[tuple[int, str]]:
        """Return seq and body of so many rows after this one, in order; in SQL, as readers ask it all the time."""
        return plain.rows("SELECT seq, body FROM claims_change WHERE seq > %s ORDER BY seq LIMIT %s", [after, limit])


class Change(models.Model):
    """One public change; the database refuses to change or delete one."""

    class Kind(models.TextChoices):
        PUBLISHED = "claim.published", "Published"
        CORRECTED = "claim.corrected", "Corrected"
        CLARIFIED = "claim.clarified", "Clarified"
        UPDATED = "claim.updated", "Updated"
        WITHDRAWN = "claim.withdrawn", "Withdrawn"
        SUPERSEDED = "claim.superseded", "Superseded"
        HELD = "claim.held", "Put on hold"
        HOLD_LIFTED = "claim.hold_lifted", "Hold lifted"

    class Cause(models.TextChoices):
        DECISION = "decision", "Decision"
        CORRECTION = "correction", "Correction"
        SOURCE_CHANGE = "source_change", "Source change"
        RECHECK = "recheck", "Re-check"
        IMPORT = "import", "Import"

    class Actor(models.TextChoices):
        PERSON = "person", "Person"
        MACHINE = "machine", "Machine"

    seq = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20, choices=Kind)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="changes")
    cause = models.CharField(max_length=14, choices=Cause)
    actor = models.CharField(max_length=8, choices=Actor)
    at = models.DateTimeField()
    body = models.TextField(help_text="The whole row as canonical JSON, before and after included.")

    objects = ChangeManager()

    class Meta:
        ordering = ["seq"]

    def __str__(self):
        return f"{self.seq} {self.kind} {self.claim.code}"
