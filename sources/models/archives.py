"""ArchivedCopy: what a web archive keeps of a source (RFC 7089)."""

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint

from .sources import Source


class ArchivedCopy(models.Model):
    """A copy of a source in a web archive, and the moment it shows; the archive's word, not ours."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="archived_copies")
    url = models.CharField("address", max_length=2048)
    archived_at = models.DateTimeField(help_text="The moment the archive says the copy was made.")
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-archived_at", "-pk"]
        verbose_name_plural = "archived copies"
        constraints = [UniqueConstraint(fields=["source", "url"], name="archived_copy_is_listed_once")]

    def __str__(self):
        return f"{self.source} as archived at {self.archived_at:%Y-%m-%d %H:%M} UTC"


class ArchiveLookup(models.Model):
    """The last time somebody asked for archived copies of a source, and what the archive answered."""

    source = models.OneToOneField(Source, models.CASCADE, related_name="archive_lookup")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True, help_text="In words fit to show.")

    def __str__(self):
        return f"Copies of {self.source}, asked for at {self.asked_at:%Y-%m-%d %H:%M} UTC"
