"""Import: a file of claims that comes in. ImportProblem: what of it was refused. ImportedClaim: where one is from."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q
from django.db.models.functions import Now
from django.urls import reverse

from .claims import Claim


class ImportQuerySet(models.QuerySet):
    """Whether a lease has ended is told by the database's clock."""

    def due(self):
        """Keep imports that wait for a worker and that nobody has in hand."""
        return self.filter(state__in=Import.WORKED).filter(
            Q(lease_expires_at__isnull=True)
            | Q(lease_expires_at__lte=Now())
            | Q(lease_expires_at__gt=Now() + timedelta(seconds=2 * settings.IMPORT_LEASE))
        )


class Import(models.Model):
    """A file of claims that comes in: looked through, confirmed, then written, a batch at a time."""

    class Via(models.TextChoices):
        UPLOAD = "upload", "Uploaded"
        ADDRESS = "address", "From an address"
        API = "api", "Sent by the API"
        COMMAND = "command", "From the command line"

    class State(models.TextChoices):
        FETCHING = "fetching", "Being fetched"
        CHECKED = "checked", "Looked through"
        REFUSED = "refused", "Refused"
        RUNNING = "running", "Coming in"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    WORKED = (State.FETCHING, State.RUNNING, State.UNDOING)

    via = models.CharField(max_length=8, choices=Via)
    name = models.CharField(max_length=200, blank=True, help_text="For people; nothing is told by it.")
    url = models.CharField("address", max_length=2048, blank=True)
    file = models.FileField(upload_to="imports/%Y/%m", max_length=200, blank=True)
    file_format = models.CharField(max_length=8, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    byte_count = models.PositiveBigIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(max_length=9, choices=State)
    reason = models.CharField(max_length=500, blank=True)
    is_foreign = models.BooleanField(default=False, help_text="Others' reviews: what is refused of them is left out.")
    row_count = models.PositiveIntegerField(null=True, help_text="Rows of the file, once it was looked through.")
    cursor = models.PositiveIntegerField(default=0, help_text="Rows dealt with; the next batch begins after them.")
    new_count = models.PositiveIntegerField(default=0)
    known_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    note_count = models.PositiveIntegerField(default=0)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_count = models.PositiveIntegerField(default=0)
    preview = models.JSONField(default=dict, blank=True, help_text="What would come in: counts, and the first rows.")

    attempt = models.PositiveIntegerField(default=0, help_text="Counted before work; the fence of a late result.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Begun since the last batch that was written.")
    lease_expires_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            CheckConstraint(
                condition=~Q(state__in=["refused", "failed"]) | ~Q(reason=""), name="import_refused_says_why"
            ),
        ]
        indexes = [
            Index(fields=["state"], condition=Q(state__in=["fetching", "running", "undoing"]), name="import_at_work"),
        ]

    def __str__(self):
        return self.name or self.url or f"Import {self.pk}"

    def get_absolute_url(self):
        return reverse("desk-import", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        return self.state in self.WORKED

    @property
    def is_whole(self) -> bool:
        """Whether one refused row refuses the file: for our own shapes, unless the command brings them."""
        return not self.is_foreign and self.via != self.Via.COMMAND


class ImportProblem(models.Model):
    """What is wrong at one place of a file: a refused row, or a note of what was left out of one."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    place = models.CharField(max_length=200)
    column = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=500)
    is_note = models.BooleanField(default=False)

    class Meta:
        ordering = ["is_note", "pk"]
        indexes = [Index(fields=["run", "is_note", "id"], name="import_problem_in_order")]

    def __str__(self):
        return f"{self.place}: {self.message}"


class ImportedClaim(models.Model):
    """Where a claim came in from, and what was said of it there; whose verdict that was is no verdict of ours."""

    claim = models.OneToOneField(Claim, models.CASCADE, primary_key=True, related_name="imported")
    run = models.ForeignKey(Import, models.PROTECT, related_name="claims")
    key = models.CharField(max_length=32, unique=True, help_text="The same row, in whichever file, has the same key.")
    place = models.CharField(max_length=200)
    their_id = models.CharField(max_length=200, blank=True, help_text="What it is called where it comes from.")
    review = models.JSONField(default=dict, blank=True, help_text="publisher, url, rating, value, best, worst, date.")
    said = models.JSONField(default=list, blank=True, help_text="Addresses and days of it that have no saved text.")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.claim_id} from {self.run_id}, {self.place}"
