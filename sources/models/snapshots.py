"""Snapshot: what a source said at one moment; never edited, never deleted while quoted."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q

from .sources import Source


class SnapshotQuerySet(models.QuerySet):
    def readable(self):
        """Keep snapshots whose text is the document's own, so that quotes can be looked for in it."""
        return self.filter(page_class=Snapshot.PageClass.ARTICLE)

    def of_bytes(self, digests):
        """Keep snapshots read from bytes with these SHA-256, found by these alone.

        With a condition more SQLite takes another index, and reads every snapshot there is.
        """
        return self.filter(raw_sha256__in=digests)


class Snapshot(models.Model):
    """The text of a source at one moment, with the bytes it was read from."""

    class PageClass(models.TextChoices):
        ARTICLE = "article", "Readable document"
        CONSENT_WALL = "consent_wall", "Consent wall"
        PAYWALL_STUB = "paywall_stub", "Paywall stub"
        CAPTCHA = "captcha", "Captcha"
        SOFT_404 = "soft_404", "Soft 404"
        PARKED = "parked", "Parked"
        SCRIPT_ONLY = "script_only", "Script only"
        EMPTY = "empty", "Empty"

    source = models.ForeignKey(Source, models.CASCADE, related_name="snapshots")
    fetched_at = models.DateTimeField()
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Set when a person uploaded or pasted it; empty when we fetched it.",
    )  # fmt: skip
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    final_url = models.CharField(max_length=2048, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    page_class = models.CharField(max_length=14, choices=PageClass)
    page_class_reason = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=500, blank=True)
    author = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    text = models.TextField(help_text="All visible text; what quotes are found in. Offsets are code points.")
    main_text = models.TextField(
        blank=True, help_text="The article without what is around it, as a library guesses it; never quoted from."
    )
    page_starts = models.JSONField(default=list, blank=True, help_text="Where each page of a PDF begins in the text.")
    byte_count = models.PositiveIntegerField()
    raw_sha256 = models.CharField(max_length=64, db_index=True)
    text_sha256 = models.CharField(max_length=64)
    capture = models.FileField(upload_to="%Y/%m", max_length=200, blank=True, help_text="The bytes, as WARC.")
    revisit_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="revisits",
        help_text="The snapshot whose capture holds the same bytes; they are kept once.",
    )  # fmt: skip

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-fetched_at", "-pk"]
        get_latest_by = ["fetched_at", "pk"]
        indexes = [Index(fields=["source", "-fetched_at", "-id"], name="snapshot_newest_of_source")]
        constraints = [
            CheckConstraint(condition=~Q(page_class="article") | ~Q(text=""), name="snapshot_of_a_document_has_text"),
        ]

    def __str__(self):
        return f"{self.source} at {self.fetched_at:%Y-%m-%d %H:%M} UTC"

    @property
    def is_by_hand(self) -> bool:
        return self.captured_by_id is not None

    @property
    def is_readable(self) -> bool:
        return self.page_class == self.PageClass.ARTICLE

    @property
    def pages(self) -> list[tuple[int, str]]:
        """The text of each PDF page with its number, from 1; nothing without pages."""
        ends = [*self.page_starts[1:], len(self.text)]
        return [
            (number, self.text[start:end])
            for number, (start, end) in enumerate(zip(self.page_starts, ends, strict=False), 1)
        ]

    def page_at(self, offset: int) -> int | None:
        """Return the number of the PDF page that holds this code point, from 1, or None without pages."""
        pages = [number for number, start in enumerate(self.page_starts, 1) if start <= offset]
        return pages[-1] if pages else None
