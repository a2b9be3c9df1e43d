"""Publication, Correction: what the world was told. PublicDocument: what it is told now."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from .claims import Claim
from .verdicts import Seal


class Publication(models.Model):
    """What we told the world, numbered per claim; the database refuses to change or delete one."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="publications")
    document = models.TextField(help_text="Canonical JSON of the public fields.")
    revision_sha256 = models.CharField(max_length=64, help_text="Of exactly the revision that was approved.")
    is_withdrawal = models.BooleanField(default=False)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_by_desk_of_one = models.BooleanField(default=False)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"
        constraints = [
            UniqueConstraint(fields=["claim", "number"], name="publication_is_numbered_once_per_claim"),
            CheckConstraint(
                condition=Q(is_by_desk_of_one=True)
                | (~Q(approved_by=F("drafted_by")) & ~Q(approved_by=F("written_by"))),
                name="publication_is_approved_by_a_second_person",
            ),
        ]

    def __str__(self):
        return f"{self.claim.code} version {self.number}"


class Correction(models.Model):
    """A public, dated change of what we had said; the old wording is the publication it replaced."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Correction"
        CLARIFICATION = "clarification", "Clarification"
        UPDATE = "update", "Update"
        WITHDRAWAL = "withdrawal", "Withdrawal"

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="correction")
    replaced = models.OneToOneField(Publication, models.PROTECT, related_name="replaced_by")
    kind = models.CharField(max_length=14, choices=Kind)
    reason = models.TextField(max_length=2000, help_text="Public: what was wrong or new.")
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ["-corrected_at", "-pk"]
        constraints = [CheckConstraint(condition=~Q(reason=""), name="correction_says_why")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.reason[:80]}"


class PublicDocument(models.Model):
    """What page, API and feeds say of a claim now, rendered once when it changed."""

    claim = models.OneToOneField(Claim, models.CASCADE, primary_key=True, related_name="public_document")
    public_id = models.CharField(max_length=8, unique=True)
    version = models.PositiveIntegerField(help_text="Raised by every change of the body; the ETag.")
    status = models.PositiveSmallIntegerField(default=200, help_text="200, or 410 once withdrawn.")
    body = models.TextField(help_text="The JSON document, as served.")
    words = models.TextField(blank=True, default="", help_text="What it is found by, each word between blanks.")
    freshness = models.CharField(
        max_length=16, blank=True, help_text="current, due, overdue or evidence_changed; empty until first told."
    )
    freshness_reason = models.CharField(max_length=600, blank=True)
    updated_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.public_id} v{self.version}"
