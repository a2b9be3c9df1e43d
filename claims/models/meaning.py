"""ClaimVector: what an embedding makes of a claim's words; derived, and made anew any time."""

from django.db import models
from django.db.models import UniqueConstraint

from .claims import Claim


class ClaimVector(models.Model):
    """The vector of one claim's text, as the desk has it or as it was published, by one model.

    A vector that changes is a new row: whoever holds them in memory reads the rows above the last it has.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    is_public = models.BooleanField()
    model = models.CharField(max_length=32, help_text="The fingerprint of the model it was made by.")
    version = models.PositiveIntegerField(help_text="Of the claim or of its public document, when it was last seen.")
    text_sha256 = models.CharField(max_length=64)
    vector = models.BinaryField()

    class Meta:
        constraints = [UniqueConstraint(fields=["claim", "is_public"], name="claim_has_one_vector_each")]

    def __str__(self):
        return f"{self.claim_id} {'public' if self.is_public else 'desk'}"
