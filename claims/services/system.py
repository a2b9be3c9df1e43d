"""The service itself, for whoever looks after it: what waits, what is stored, which database, which mail."""

import platform
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.models import Count, Min, Sum

from claims.models import Article, Change, Checkpoint, Delivery, LogCheck
from sources.models import Snapshot, Source

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
MAILS_SHOWN = 50
MAIL_READ = 200_000  # bytes of one file
_END = b"\n" + b"-" * 79 + b"\n"  # what the file backend writes between two messages


@dataclass(frozen=True)
class Mail:
    """A message that was written to a file instead of sent."""

    name: str
    number: int
    to: str
    subject: str
    date: str
    text: str


def versions() -> list[tuple[str, str]]:
    """Return what runs here, each with its version."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        own = tomllib.load(file)["project"]["version"]
    return [("This service", own), ("Django", django.get_version()), ("Python", platform.python_version())]


def database() -> dict[str, Any]:
    """Return the database's kind, version and size in bytes (None where it cannot be told)."""
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)
    number = ".".join(str(part) for part in connection.get_database_version())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        size = cursor.fetchone()[0]
    return {"name": name, "version": number, "size": size}


def storage() -> dict[str, Any]:
    """Return how much is kept of captures, where, and how much room is left there (None in a bucket)."""
    kept = Snapshot.objects.aggregate(count=Count("pk"), bytes=Sum("byte_count"))
    found = {"captures": kept["count"], "bytes": kept["bytes"] or 0, "free": None, "bucket": ""}
    if not isinstance(default_storage, FileSystemStorage):
        return {**found, "bucket": settings.CAPTURES_S3_BUCKET or "elsewhere"}
    place = Path(settings.MEDIA_ROOT)
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    return {**found, "free": shutil.disk_usage(there).free}


def waiting(*, now: datetime) -> dict[str, Any]:
    """Return what waits as rows: looks, deliveries, articles; and since when the oldest of each does."""
    due = Source.objects.due()
    deliveries = Delivery.objects.due(now)
    articles = Article.objects.filter(progress=Article.Progress.WAITING)
    return {
        "looks": due.count(),
        "oldest_look": due.aggregate(at=Min("next_check_at"))["at"],
        "deliveries": deliveries.count(),
        "oldest_delivery": deliveries.aggregate(at=Min("next_attempt_at"))["at"],
        "articles": articles.count(),
        "oldest_article": articles.aggregate(at=Min("added_at"))["at"],
        "given_up": Source.objects.given_up().count(),
    }


def log_state() -> dict[str, Any]:
    """Return the ledger's newest row, what was signed of it, and how the last checks of it went."""
    return {
        "newest": Change.objects.order_by("seq").last(),
        "checkpoint": Checkpoint.objects.last(),
        "checks": LogCheck.objects.order_by("-pk")[:5],
    }


def keeps_mail() -> bool:
    """Whether mail is written to files of this machine, because no mail server is named."""
    return settings.EMAIL_BACKEND == FILE_BACKEND


def kept_mail() -> list[Mail]:
    """Return the newest messages that were written to files, newest first."""
    if not keeps_mail():
        return []
    found: list[Mail] = []
    for file in sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True):
        found += reversed(list(_messages(file)))
        if len(found) >= MAILS_SHOWN:
            break
    return found[:MAILS_SHOWN]


def _messages(file: Path) -> Iterator[Mail]:
    with file.open("rb") as opened:
        written = opened.read(MAIL_READ)
    for number, raw in enumerate(part for part in written.split(_END) if part.strip()):
        message = message_from_bytes(raw.lstrip(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(preferencelist=("plain",))
        yield Mail(
            name=file.name,
            number=number,
            to=str(message["To"] or ""),
            subject=str(message["Subject"] or ""),
            date=str(message["Date"] or ""),
            text=str(body.get_content()) if body else "",
        )
