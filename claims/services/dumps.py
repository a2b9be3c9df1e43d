"""The nightly dump: every public document in one file, with the seq from which `changes` goes on."""

import gzip
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from claims.formats.canonical import canonical_json
from claims.formats.document import moment
from claims.models import Dump, PublicDocument

from .feed import next_seq

KEPT = 3  # dumps; a reader who began to load the one before may end
EVERY = timedelta(hours=23, minutes=30)  # a little less than a day, as it is asked for hourly
CHUNK = 500


def make_due_dump(*, now: datetime) -> Dump | None:
    """Make a dump if the newest is a day old, or there is none."""
    newest = newest_dump()
    return make_dump(now=now) if newest is None or now - newest.made_at >= EVERY else None


def make_dump(*, now: datetime) -> Dump:
    """Write every public document to a file, tombstones too, as of one moment, and forget the oldest dump.

    The file is lines of JSON, packed by gzip: first what it is and the seq of the last row it holds, then a document
    a line in the order of first publication.
    """
    with tempfile.TemporaryFile() as file:
        with one_moment():
            seq = next_seq() - 1
            documents = _write(file, seq=seq, now=now)
        size = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        name = default_storage.save(f"dumps/claims-{max(seq, 0)}.jsonl.gz", File(file))
    dump = Dump.objects.create(seq=seq, file=name, documents=documents, byte_count=size, sha256=digest, made_at=now)
    for old in Dump.objects.all()[KEPT:]:
        default_storage.delete(old.file)
        old.delete()
    return dump


def newest_dump() -> Dump | None:
    return Dump.objects.first()


def _write(file: IO[bytes], *, seq: int, now: datetime) -> int:
    told = PublicDocument.objects.order_by("pk").values_list("body", flat=True)
    count = 0
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed:
        head = {"format": "factcheck-dump-1", "seq": seq, "made_at": moment(now), "documents": told.count()}
        packed.write(canonical_json(head).encode() + b"\n")
        for body in told.iterator(chunk_size=CHUNK):
            packed.write(body.encode() + b"\n")
            count += 1
    return count


@contextmanager
def one_moment() -> Iterator[None]:
    """Let every query inside see the database as of the first of them, without keeping anybody from writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Not `atomic`, which takes the lock of writers from the start.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
