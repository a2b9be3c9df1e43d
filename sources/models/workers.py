"""Worker: a process that takes jobs, and when it last showed that it does."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class WorkerQuerySet(models.QuerySet):
    def awake(self):
        """Keep workers that asked for work or finished some within WORKER_SILENCE, by the database's clock."""
        return self.filter(seen_at__gt=Now() - timedelta(seconds=settings.WORKER_SILENCE))


class Worker(models.Model):
    """A process that takes jobs. That it exists proves nothing; its row says when it last asked for work."""

    name = models.CharField(max_length=200, unique=True)
    serves = models.JSONField(default=list, help_text="Names of queues, and `timetable` for who sweeps.")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When it last asked for work or finished some.")

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
