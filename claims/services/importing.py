"""Imports: a file is looked through, confirmed by a person, and written, whole or batch by batch under a lease.

    address ──▶ fetching ─┐
    upload ───────────────┴──▶ checked ──confirm──▶ running ──▶ done ──undo──▶ undoing ──▶ undone
                               refused             (failed: what it wrote stands, and can be undone)

An upload of our own shape comes in whole or not at all. Others' reviews, and whatever the command brings, come in
without the rows that are refused, which are listed. A worker that dies costs its batch, which is written again: the
cursor moves in the transaction that writes. The same row, in whichever file, comes in once.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F

from claims.errors import ImportMoveRefused, ImportRefused, ImportTooLarge, ImportTypeRefused
from claims.importing.checks import check
from claims.importing.formats import read_file
from claims.importing.rows import Counted, Draft, FileRefused, Problem, Row
from claims.models import Import, ImportProblem
from sources.errors import Refused
from sources.outcomes import Outcome
from sources.services.checks import policy
from sources.services.sources import clean_address
from sources.web import FetchRequest, fetch_all

from .claims import figures_in
from .import_checks import Looked, look_through
from .import_leases import fail_import, lease_import, refuse_import, until
from .import_undo import undo_batches
from .import_writing import CHUNK, Writer, judge
from .versions import require_work

Clock = Callable[[], datetime]
Opener = Callable[[], BinaryIO]

ROW_LIMIT = 10_000  # of an upload; the command has none
_RETRIED = ("40001", "40P01")  # serialization failure, deadlock


def look_through_upload(*, content: bytes, by: User) -> Looked:
    """Tell what an uploaded file holds, and keep nothing.

    Raises NotPermitted, ImportTooLarge, or ImportTypeRefused for what is no table, JSON or page at all.
    """
    require_work(by)
    if len(content) > settings.UPLOAD_LIMIT:
        raise ImportTooLarge(
            f"The file has {len(content) / 2**20:.1f} MiB; at most {settings.UPLOAD_LIMIT // 2**20} are taken here. "
            "The command import_claims takes files of any size.",
            field="file",
        )
    looked = look_through(lambda: BytesIO(content), row_limit=ROW_LIMIT)
    if looked.is_type_refused:
        raise ImportTypeRefused(looked.refused[0].message, field="file")
    return looked


def refuse_faults(looked: Looked) -> None:
    """Raise ImportRefused, with the faults by row and column, for a file that does not come in."""
    if looked.is_refused(whole=True):
        first = looked.refused[0]
        more = f" And {looked.refused_count - 1:,} more." if looked.refused_count > 1 else ""
        problems = [
            {"row": one.row, "place": one.place, "column": one.column, "code": one.code, "message": one.message}
            for one in looked.refused[:100]
        ]
        raise ImportRefused(f"{first}{more} Nothing was imported.", field="file", problems=problems)


def start_upload(
    *, content: bytes, looked: Looked, name: str, by: User, now: datetime, via: str = Import.Via.UPLOAD
) -> Import:
    """Keep a file that was looked through as an import that waits to be confirmed, or that says what is wrong."""
    require_work(by)
    run = Import(via=via, name=_shown_name(name), started_by=by, started_at=now, state=Import.State.CHECKED)
    _keep_content(run, content)
    with transaction.atomic():
        run.save()
        record_look(run, looked, now=now)
    return run


def start_fetch(*, url: str, by: User, now: datetime) -> Import:
    """Register an address whose page, feed or file comes in once a worker fetched it; or raise SourceRefused."""
    require_work(by)
    return Import.objects.create(
        via=Import.Via.ADDRESS, url=clean_address(url), started_by=by, started_at=now, state=Import.State.FETCHING
    )


def confirm_import(*, import_id: int, by: User, now: datetime) -> Import:
    """Let an import that was looked through come in; a worker writes it."""
    require_work(by)
    with transaction.atomic():
        run = Import.objects.select_for_update().get(pk=import_id)
        if run.state != Import.State.CHECKED:
            raise ImportMoveRefused(f"This import is {run.get_state_display().lower()}; there is nothing to confirm.")
        run.state = Import.State.RUNNING
        run.save(update_fields=["state"])
    return run


def cancel_import(*, import_id: int, by: User, now: datetime) -> Import:
    """Put an import aside before anything of it came in; its file is deleted."""
    require_work(by)
    with transaction.atomic():
        run = Import.objects.select_for_update().get(pk=import_id)
        if run.state not in (Import.State.CHECKED, Import.State.FETCHING):
            raise ImportMoveRefused(f"This import is {run.get_state_display().lower()}; it cannot be cancelled.")
        run.state, run.finished_at, run.attempt = Import.State.CANCELLED, now, run.attempt + 1
        run.save(update_fields=["state", "finished_at", "attempt"])
    _forget_file(run)
    return run


# -- working ---------------------------------------------------------------------------------------------
def run_imports(*, clock: Clock) -> int:
    """Do what imports wait for, one after the other; return how many were worked on. Two at once do no harm."""
    done = 0
    waiting = Import.objects.due().exclude(via=Import.Via.COMMAND, state=Import.State.RUNNING)
    for pk, state in waiting.order_by("pk").values_list("pk", "state"):
        match state:
            case Import.State.FETCHING:
                done += fetch_import(import_id=pk, clock=clock)
            case Import.State.RUNNING:
                done += run_import(import_id=pk, clock=clock)
            case Import.State.UNDOING:
                done += undo_batches(import_id=pk, clock=clock)
    return done


def fetch_import(*, import_id: int, clock: Clock) -> bool:
    """Fetch an import's address by the rules of every look, and look through what came; return whether it was done."""
    run = lease_import(import_id, Import.State.FETCHING)
    if run is None:
        return False
    try:
        content = fetch_content(run.url)
        looked = look_through_upload(content=content, by=run.started_by)
    except Refused as refusal:
        refuse_import(run, str(refusal), now=clock())
        return True
    _keep_content(run, content)
    with transaction.atomic():
        if not Import.objects.select_for_update().filter(pk=run.pk, attempt=run.attempt).exists():
            return False
        run.state, run.lease_expires_at, run.tries = Import.State.CHECKED, None, 0
        record_look(run, looked, now=clock())
    return True


def fetch_content(url: str) -> bytes:
    """Return what is at an address, fetched by the rules of every look; or raise SourceRefused or ImportRefused."""
    result = fetch_all([FetchRequest(url=clean_address(url))], policy())[0]
    if result.outcome != Outcome.OK:
        told = result.reason or f"The address could not be read ({result.outcome.replace('_', ' ')})."
        raise ImportRefused(told, field="url")
    return result.body


def run_import(
    *, import_id: int, clock: Clock, opener: Opener | None = None, told: Callable[[Import], None] = lambda run: None
) -> bool:
    """Write an import that was confirmed, from where it stands; return whether this caller wrote it to its end.

    `opener` opens a file that only the caller has; `told` is called after each batch. Raises nothing for what is
    wrong with the file: the import says it.
    """
    run = lease_import(import_id, Import.State.RUNNING)
    if run is None:
        return False
    writer = Writer(run, run.started_by)
    try:
        with _opened(run, opener) as file:
            _, rows = read_file(file)
            batches = [list(rows)] if run.is_whole else _batches(islice(rows, run.cursor, None))
            for batch in batches:
                if not _write_batch(run, writer, batch, clock):
                    return False
                told(run)
    except FileRefused as refused:
        fail_import(run, f"{refused.problem} What came in before stands.", now=clock())
        run.refresh_from_db()
        return True
    except _Withdrawn as withdrawn:
        refuse_import(run, str(withdrawn), now=clock())
        return True
    Import.objects.filter(pk=run.pk, attempt=run.attempt).update(
        state=Import.State.DONE, finished_at=clock(), lease_expires_at=None, row_count=F("cursor")
    )
    run.refresh_from_db()
    return True


class _Withdrawn(Exception):
    """A whole import of which a row is refused by now, that was fine when it was looked through."""


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, min(settings.IMPORT_BATCH, CHUNK))):
        yield batch


def _write_batch(run: Import, writer: Writer, rows: list[Row], clock: Clock) -> bool:
    """Write one batch and move the cursor, in one transaction; return False when another worker has the import.

    Reading the figures is done before, so that the transaction is short. One that loses against another (a deadlock,
    the same row or name written at this moment) is tried again, and then sees what the other wrote.
    """
    batch = _Batch(rows, [], [])
    for row in rows:
        draft, found = check(row, ports=tuple(settings.FETCH_PORTS))
        batch.problems += found
        if draft is not None:
            batch.drafts.append(draft)
    read = {draft.key: figures_in(draft.text) for draft in judge(batch.drafts).new if draft.figures is None}
    for attempt in range(3):
        try:
            with transaction.atomic():
                counts = _write_once(run, writer, batch, read, clock())
            break
        except (IntegrityError, OperationalError) as error:
            code = getattr(error.__cause__, "sqlstate", None)
            if attempt == 2 or (isinstance(error, OperationalError) and code not in _RETRIED):
                raise
            writer.forget()
    for name, count in (counts or {}).items():
        setattr(run, name, count)
    return counts is not None


@dataclass
class _Batch:
    rows: list[Row]
    drafts: list[Draft]
    problems: list[Problem]


def _write_once(
    run: Import, writer: Writer, batch: _Batch, read: dict[str, list[Counted]], now: datetime
) -> dict[str, Any] | None:
    """Write a batch in the present transaction; return the import's counts after it, or None if it is another's."""
    held = Import.objects.select_for_update().filter(pk=run.pk, attempt=run.attempt, state=Import.State.RUNNING)
    if not held.exists():
        return None
    judged = judge(batch.drafts)
    refused = [*(one for one in batch.problems if not one.is_note), *judged.refused]
    if run.is_whole and refused:
        raise _Withdrawn(f"{refused[0]} Nothing came in.")
    figures = [read.get(draft.key, []) if draft.figures is None else draft.figures for draft in judged.new]
    writer.write(judged.new, figures, now=now)
    counts: dict[str, Any] = {
        "cursor": run.cursor + len(batch.rows),
        "new_count": run.new_count + len(judged.new),
        "known_count": run.known_count + len(judged.known),
    }
    if run.via == Import.Via.COMMAND:  # of the others, the look before counted and listed them
        keep_problems(run, [*batch.problems, *judged.refused])
        counts["refused_count"] = run.refused_count + len({one.row for one in refused})
        counts["note_count"] = run.note_count + sum(one.is_note for one in batch.problems)
        counts["is_foreign"] = run.is_foreign or any(row.is_foreign for row in batch.rows)
    held.update(lease_expires_at=until(), tries=0, **counts)
    return counts


@contextmanager
def _opened(run: Import, opener: Opener | None) -> Iterator[BinaryIO]:
    file = opener() if opener else run.file.open("rb")
    try:
        yield file  # type: ignore[misc]
    finally:
        file.close()


# -- looking through ------------------------------------------------------------------------------------------
def _keep_content(run: Import, content: bytes) -> None:
    """Put the bytes into storage, named by themselves; what the file was called plays no part."""
    run.sha256, run.byte_count = hashlib.sha256(content).hexdigest(), len(content)
    run.file.save(f"{run.sha256[:32]}.import", ContentFile(content), save=False)


def record_look(run: Import, looked: Looked, *, now: datetime) -> None:
    """Write down what a file holds; one that does not come in is refused with its first fault as the reason."""
    run.file_format, run.is_foreign, run.row_count = looked.file_format, looked.is_foreign, looked.row_count
    run.new_count, run.known_count = looked.new_count, looked.known_count
    run.refused_count, run.note_count = looked.refused_count, looked.note_count
    run.preview = looked.preview
    if looked.is_refused(whole=run.is_whole):
        more = f" And {looked.refused_count - 1:,} more." if looked.refused_count > 1 else ""
        run.state, run.finished_at = Import.State.REFUSED, now
        run.reason = f"{looked.refused[0]}{more}"[:500]
    else:
        run.new_count, run.known_count = 0, 0  # counted as they come in; the preview says what is expected
    run.save()
    keep_problems(run, [*looked.refused, *looked.notes])


def keep_problems(run: Import, problems: list[Problem]) -> None:
    ImportProblem.objects.bulk_create(
        ImportProblem(
            run=run,
            row=one.row,
            place=one.place[:200],
            column=one.column[:120],
            code=one.code[:40],
            message=one.message[:500],
            is_note=one.is_note,
        )
        for one in problems
    )


def _forget_file(run: Import) -> None:
    if run.file:
        run.file.delete(save=False)
        Import.objects.filter(pk=run.pk).update(file="")


def _shown_name(name: str) -> str:
    """Return the last part of a file's name, for people to know it by."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(character for character in last if character.isprintable()).strip()[:200]
