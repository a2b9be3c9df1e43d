"""Dump: all that was published as one file, made nightly, for the first load of a copy."""

from django.db import models


class Dump(models.Model):
    """A file of every public document as of one row of the ledger."""

    seq = models.BigIntegerField(help_text="The last row it holds; -1 while there was none.")
    file = models.CharField(max_length=200, help_text="Its name in the storage of captures.")
    documents = models.PositiveIntegerField()
    byte_count = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Of the file, as it is sent.")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        get_latest_by = ["made_at", "pk"]

    def __str__(self):
        return f"{self.documents} documents as of {self.seq}"
