"""`manage.py rotate_log_key`: exchange the key that signs the log."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from claims.management.lines import LineCommand
from claims.services import signing
from claims.services.checkpoints import sign_checkpoint


class Command(LineCommand):
    """Exchange the key in LOG_KEY_FILE; the log is signed anew at once."""

    help = (
        "Put a new key above the one in LOG_KEY_FILE, so that both sign. Tell those who check the log the new public "
        "key, give it a few weeks, then run it with --drop-old. Old public keys stay listed. Where several machines "
        "share the log, copy the file to each of them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--drop-old", action="store_true", help="Leave the newest key alone in the file.")
        way.add_argument("--lost", action="store_true", help="The old key is gone for good: go on with a new one.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["drop_old"]:
            dropped = signing.drop_old_keys(now=now)
            said = "".join(f"Signs no longer: {key.verifier}\n" for key in dropped) or "There was one key only.\n"
        else:
            change = signing.replace_lost_key if options["lost"] else signing.rotate_key
            said = f"Signs from now on: {change(now=now).verifier}\n"
        sign_checkpoint(now=now, again=True)
        self.stdout.write(said, ending="")
