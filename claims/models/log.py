"""The signed log over the ledger: its keys, checkpoints and hashes, and the looks at whether all of it holds."""

from django.db import models
from django.db.models import CheckConstraint, Q

from claims.merkle import SIZE, split


class LogKey(models.Model):
    """A public key that signs checkpoints, or did; the private one is never in the database."""

    verifier_key = models.CharField(max_length=300, unique=True, help_text="name+hash+data, as signed notes write it.")
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True, help_text="When it stopped signing.")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.verifier_key


class Checkpoint(models.Model):
    """What was signed of the log at one moment; a later one of the same size says that nothing came after."""

    size = models.PositiveBigIntegerField(help_text="Rows it covers: those with a smaller seq.")
    root = models.BinaryField(max_length=SIZE)
    note = models.TextField(help_text="The signed note, as it is served.")
    peaks = models.BinaryField(help_text="The roots of the tree's full subtrees, the largest first.")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        get_latest_by = ["size", "pk"]
        indexes = [models.Index(fields=["size"], name="checkpoint_by_size")]

    def __str__(self):
        return f"checkpoint of {self.size}"


class LogTile(models.Model):
    """The leaf hashes of 256 rows, or of the last ones that are fewer; what proofs are made from."""

    WIDTH = 256

    index = models.PositiveBigIntegerField(primary_key=True, help_text="Of the first row's seq, divided by 256.")
    hashes = models.BinaryField(max_length=WIDTH * SIZE)
    root = models.BinaryField(max_length=SIZE)

    class Meta:
        ordering = ["index"]

    def __str__(self):
        return f"hashes from {self.index * self.WIDTH}"

    @property
    def leaves(self) -> list[bytes]:
        return split(bytes(self.hashes))


class LogCheck(models.Model):
    """One look at whether the ledger is what was signed."""

    checked_at = models.DateTimeField()
    size = models.PositiveBigIntegerField(help_text="Rows that were read.")
    failure = models.TextField(blank=True, help_text="What does not hold; empty when all of it does.")
    first_bad_seq = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        get_latest_by = ["pk"]
        constraints = [
            CheckConstraint(
                condition=Q(first_bad_seq=None) | ~Q(failure=""), name="log_check_names_a_row_only_when_it_failed"
            )
        ]

    def __str__(self):
        return self.failure or f"{self.size} rows hold"
