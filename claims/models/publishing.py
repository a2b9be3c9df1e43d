"""Publication, Correction: what the world was told. PublicDocument: what it is told now."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from . import plain
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


class Told(NamedTuple):
    """What stands of one claim: the bytes, and what tells whether a reader has them already."""

    version: int
    status: int
    body: str


class Listed(NamedTuple):
    """A page of documents: how many changes of any document there had been, and its end if more follow."""

    bodies: list[str]
    changes: int
    end: tuple[datetime, int] | None


class PublicDocumentManager(models.Manager):
    """The reads that readers make most, in SQL: to compile such a query costs more than to run it."""

    def told(self, public_id: str) -> Told | None:
        found = plain.first(
            "SELECT version, status, body FROM claims_publicdocument WHERE public_id = %s", [public_id]
        )
        return Told(*found) if found else None

    def version_told(self, public_id: str) -> tuple[int, int] | None:
        """Return version and status alone."""
        return plain.first("SELECT version, status FROM claims_publicdocument WHERE public_id = %s", [public_id])

    def newest(self, size: int, before: tuple[datetime, int] | None = None) -> Listed:
        """Return so many documents of published claims, the last changed first, from after this place in the list."""
        place, params = "", list[object]()
        if before:
            place = "AND (updated_at, claim_id) < (%s, %s)"
            params = [plain.written(before[0]), before[1]]
        changes = "(SELECT documents_changed FROM claims_ledgerhead WHERE id = 1)"
        told = f"SELECT body, {changes}, {plain.unread('updated_at')}, claim_id FROM claims_publicdocument"  # noqa: S608
        order = "ORDER BY updated_at DESC, claim_id DESC LIMIT %s"
        found = plain.rows(f"{told} WHERE status = 200 {place} {order}", [*params, size + 1])
        bodies = [row[0] for row in found[:size]]
        end = (plain.moment(found[size - 1][2]), found[size - 1][3]) if len(found) > size else None
        return Listed(bodies, found[0][1] if found else self.changes(), end)

    def changes(self) -> int:
        """Return how often any document changed: while it stands, every list of documents does."""
        found = plain.first("SELECT documents_changed FROM claims_ledgerhead WHERE id = 1", [])
        return found[0] if found else 0

    def briefs(self, public_ids: Sequence[str]) -> dict[str, str]:
        """Return the status of those claims that are or were published, as JSON, by their public ids."""
        if not public_ids:
            return {}
        places = ",".join(["%s"] * len(public_ids))
        told = f"SELECT public_id, brief FROM claims_publicdocument WHERE public_id IN ({places})"  # noqa: S608
        return dict(plain.rows(told, public_ids))


class PublicDocument(models.Model):
    """What page, API and feeds say of a claim now, rendered once when it changed."""

    claim = models.OneToOneField(Claim, models.CASCADE, primary_key=True, related_name="public_document")
    public_id = models.CharField(max_length=8, unique=True)
    version = models.PositiveIntegerField(help_text="Raised by every change of the body; the ETag.")
    status = models.PositiveSmallIntegerField(default=200, help_text="200, or 410 once withdrawn.")
    body = models.TextField(help_text="The JSON document, as served.")
    brief = models.TextField(default="{}", help_text="Its status in brief, as served for many claims at once.")
    freshness = models.CharField(
        max_length=16, blank=True, help_text="current, due, overdue or evidence_changed; empty until first told."
    )
    freshness_reason = models.CharField(max_length=600, blank=True)
    updated_at = models.DateTimeField(db_index=True)

    objects = PublicDocumentManager()

    class Meta:
        indexes = [Index(F("status"), F("updated_at").desc(), F("claim").desc(), name="public_document_newest")]

    def __str__(self):
        return f"{self.public_id} v{self.version}"
