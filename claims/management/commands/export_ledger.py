"""`manage.py export_ledger`: the ledger and its checkpoint as two files that an outsider can check."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from claims.formats.notes import read_checkpoint
from claims.management.lines import LineCommand
from claims.services.checkpoints import newest_checkpoint, sign_checkpoint
from claims.services.log_exports import export_lines
from claims.services.signing import public_keys


class Command(LineCommand):
    """Write the export and its checkpoint."""

    help = (
        "Sign what is new, then write the ledger to EXPORT and its checkpoint to CHECKPOINT. Prints the line with "
        "which anyone checks them: claims/ledger_verifier.py, a single file that needs nothing but Python."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("export", metavar="EXPORT", help="The file to write the rows to.")
        parser.add_argument("checkpoint", metavar="CHECKPOINT", help="The file to write the checkpoint to.")

    def handle(self, *args: Any, **options: Any) -> None:
        while sign_checkpoint(now=timezone.now()):
            pass
        newest = newest_checkpoint()
        assert newest is not None, "the first call signs even an empty ledger"
        origin = read_checkpoint(newest.note).origin
        try:
            with Path(options["export"]).open("wb") as file:
                file.writelines(export_lines(origin=origin, size=newest.size))
            Path(options["checkpoint"]).write_bytes(newest.note.encode())
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from None
        keys = " ".join(f'--key "{key}"' for key in public_keys() if key.name == origin)
        checked = f"{options['export']} --checkpoint {options['checkpoint']} {keys}"
        self.stdout.write(f"{newest.size} rows. Check them with:\npython claims/ledger_verifier.py {checked}")
