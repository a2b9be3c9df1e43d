"""`manage.py verify_ledger`: every row of the ledger proved against the signed checkpoints."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from claims.formats import notes
from claims.management.lines import LineCommand, read_text
from claims.services.log_checks import check_log
from claims.services.signing import public_keys


class Command(LineCommand):
    """Prove the ledger; the exit code is 1 when it does not hold."""

    help = (
        "Prove that every row of the ledger is what was signed, that none is missing, and that each checkpoint bears "
        "the signature of a listed key. Names the first row that fails. The public page of the log says what came out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kept = "A checkpoint that was kept elsewhere, which the ledger must begin with; may be repeated."
        parser.add_argument("--older", action="append", default=[], metavar="FILE", help=kept)
        parser.add_argument("--json", action="store_true", help="One JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = check_log(now=timezone.now(), older=[_opened(name) for name in options["older"]])
        if options["json"]:
            failed = {"failure": found.failure, "first_bad_seq": found.first_bad_seq}
            self.write_json({"ok": not found.failure, "rows": found.size, **failed})
        elif found.failure:
            self.stdout.write(f"The ledger does not hold: {found.failure}")
        else:
            self.stdout.write(f"{found.size} rows hold.")
        if found.failure:
            raise SystemExit(1)


def _opened(name: str) -> notes.Checkpoint:
    try:
        text, _ = notes.open_note(read_text(name), public_keys())
        return notes.read_checkpoint(text)
    except notes.NotANote as reason:
        raise CommandError(f"{name} is no checkpoint of this log: {reason}") from None
