"""`manage.py import_claims`: bring claims in from a file of any size, or from an address; resumable."""

import hashlib
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from claims.importing.rows import Problem
from claims.management.documents import is_address
from claims.management.lines import LineCommand
from claims.management.people import desk_person
from claims.models import Import
from claims.services.import_checks import Looked, look_through
from claims.services.import_command import begin_command
from claims.services.importing import fetch_content, run_import

SAY_EVERY = 2.0  # seconds between two lines of progress


class Command(LineCommand):
    """Bring claims in as drafts."""

    help = (
        "Bring claims in as drafts with history: CSV, JSON, JSON Lines, a page with ClaimReview, a DataFeed or a Data "
        "Commons dump, told by content; a file of any size. Rows that are refused are listed and left out. Stopped or "
        "killed, the same command goes on where it was; run again after its end, it changes nothing. An address is "
        "fetched by the rules of every look, so a dump of more than 10 MiB is downloaded first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="FILE|URL")
        parser.add_argument("--by", metavar="USERNAME", help="Who brings them in; by default a desk lead.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would come in; write nothing.")
        parser.add_argument("--json", action="store_true", help="One JSON object a line: progress, problems, the end.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json, self.said_at, self.begun = options["json"], 0.0, time.monotonic()
        self.total = 0
        by = desk_person(options["by"])
        opener = _opener(options["name"])
        if options["dry_run"]:
            looked = look_through(opener, row_limit=None, each=self._looked)
            self._tell_end(
                "would come in", looked.row_count, looked.new_count, looked.known_count, looked.refused_count
            )
            failure = str(looked.refused[-1]) if looked.is_cut_short else None
        else:
            digest, size = _digest(opener)
            run = begin_command(name=options["name"], sha256=digest, byte_count=size, by=by, now=timezone.now())
            if run.cursor:
                self._say(f"Going on after {run.cursor:,} rows.")
            if not run_import(import_id=run.pk, clock=timezone.now, opener=opener, told=self._written):
                raise CommandError(
                    "Another process is importing this file, or one was killed over it less than 90 seconds ago;"
                    " try again then."
                )
            run.refresh_from_db()
            for problem in run.problems.order_by("pk").iterator():
                self._tell_problem(problem)
            self._tell_end("came in", run.cursor, run.new_count, run.known_count, run.refused_count, run=run)
            failure = run.reason if run.state == Import.State.FAILED else None
        if failure:
            raise CommandError(failure)

    def _looked(self, looked: Looked, problems: list[Problem]) -> None:
        for problem in problems:
            self._tell_problem(problem)
        self._progress(looked.row_count)

    def _written(self, run: Import) -> None:
        self._progress(run.cursor, run)

    def _progress(self, rows: int, run: Import | None = None) -> None:
        if time.monotonic() - self.said_at < SAY_EVERY:
            return
        self.said_at = time.monotonic()
        rate = rows / max(0.001, time.monotonic() - self.begun)
        if self.as_json:
            self.write_json({"progress": rows, "rows_per_second": round(rate)})
        else:
            self._say(f"{rows:,} rows, {rate:,.0f} a second")

    def _say(self, line: str) -> None:
        if not self.as_json:
            self.stdout.write(line)
            self.stdout.flush()

    def _tell_problem(self, problem: Any) -> None:
        if self.as_json:
            self.write_json(
                {
                    "problem": "note" if problem.is_note else "refused", "row": problem.row, "place": problem.place,
                    "column": problem.column, "code": problem.code, "message": problem.message,
                }
            )  # fmt: skip
        elif not problem.is_note:
            where = f"{problem.place}, column {problem.column}" if problem.column else problem.place
            self.stderr.write(f"refused: {where}: {problem.message}")

    def _tell_end(self, what: str, rows: int, new: int, known: int, refused: int, run: Import | None = None) -> None:
        seconds = time.monotonic() - self.begun
        if self.as_json:
            line = {"rows": rows, "new": new, "known": known, "refused": refused, "seconds": round(seconds, 1)}
            self.write_json({**line, "import": run.pk if run else None, "dry_run": run is None})
        else:
            self._say(f"{new:,} of {rows:,} rows {what}; {known:,} known already, {refused:,} refused.")


def _opener(name: str) -> Any:
    if is_address(name):
        content = fetch_content(name)
        return lambda: BytesIO(content)
    path = Path(name)
    try:
        with path.open("rb"):
            return lambda: path.open("rb")
    except FileNotFoundError:
        raise CommandError(f"There is no file {name}.") from None
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from None


def _digest(opener: Any) -> tuple[str, int]:
    """Return a file's SHA-256, by which it is known again, and its size."""
    digest, size = hashlib.sha256(), 0
    with opener() as file:
        for block in _blocks(file):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(2**20), b"")
