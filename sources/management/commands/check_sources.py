"""`manage.py check_sources`: look at addresses now, through the same door and by the same rules as every check."""

import json
import os
import re
import sys
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from sources.addresses import is_literal_endpoint
from sources.services.checks import policy
from sources.services.looking import Seen, check_at, look_at

ENDING = """
Addresses of one host are asked at most FETCH_PER_HOST at once (2) and FETCH_SPACING seconds apart (1.0); set
these in the environment where many addresses of one host of your own are looked at. robots.txt is obeyed
(FETCH_ROBOTS). Exit code: 0 when every look was made, 1 when one could not be made or recorded, 2 for a command
that cannot be carried out as given.
"""


class Command(BaseCommand):
    """Look at addresses and say what was found."""

    help = (
        "Look at addresses now and print what was found, one line each in the order given. Without --dry-run they "
        "are registered as sources and the checks are recorded; with it nothing is stored and no database is needed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog = ENDING
        parser.add_argument("urls", nargs="+", metavar="URL", help="An address; - reads them from standard input.")
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")
        parser.add_argument("--dry-run", action="store_true", help="Look only; register and record nothing.")
        parser.add_argument(
            "--allow-origin",
            metavar="ADDRESS:PORT",
            help="For tests: also look at this one address and port, as in 127.0.0.1:8001. Only in debug "
            "(FACTCHECK_DEBUG=1). A Retry-After then holds for the one address that sent it, not for all.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        urls = [line for url in options["urls"] for line in (_lines() if url == "-" else [url])]
        before = settings.FETCH_ALLOWED_ORIGIN, settings.FETCH_CLOSES_HOSTS
        if allowed := _allowed(options["allow_origin"]):
            settings.FETCH_ALLOWED_ORIGIN, settings.FETCH_CLOSES_HOSTS = allowed, False
        try:
            missing = self._look(urls, options)
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be used ({str(error).splitlines()[0]}); run migrate first, or add --dry-run."
            ) from None
        except BrokenPipeError:  # the reader has seen enough, as head does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            missing = 0
        finally:
            settings.FETCH_ALLOWED_ORIGIN, settings.FETCH_CLOSES_HOSTS = before
        if missing:
            raise SystemExit(1)

    def _look(self, urls: list[str], options: dict[str, Any]) -> int:
        """Print each line as soon as all before it are there; return how many looks were not made."""
        waiting: dict[int, Seen] = {}
        shown = missing = 0

        def tell(place: int, seen: Seen) -> None:
            nonlocal shown, missing
            missing += seen.outcome is None
            waiting[place] = seen
            while shown in waiting:
                self.stdout.write(_line(waiting.pop(shown), as_json=options["json"]))
                self.stdout.flush()
                shown += 1

        if options["dry_run"]:
            look_at(urls, policy=policy(), tell=tell)
        else:
            check_at(urls, policy=policy(), clock=timezone.now, tell=tell)
        return missing


def _lines() -> list[str]:
    """The addresses on standard input, one a line, exactly as they stand there."""
    lines = re.split(r"\r?\n", sys.stdin.buffer.read().decode("utf-8", "surrogateescape"))
    return [line for line in lines if line]


def _allowed(origin: str | None) -> str:
    if origin is None:
        return ""
    if not settings.DEBUG:
        raise CommandError(
            "--allow-origin opens a closed address and is only for debug (FACTCHECK_DEBUG=1).", returncode=2
        )
    if not is_literal_endpoint(origin):
        raise CommandError("--allow-origin names one address and one port, as in 127.0.0.1:8001.", returncode=2)
    return origin


def _line(seen: Seen, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(asdict(seen))
    status = f", HTTP {seen.http_status}" if seen.http_status else ""
    kind = f", {seen.page_class}" if seen.page_class else ""
    printable = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in seen.url)
    found = f"{seen.outcome or 'no look'}{status}, {seen.link_state or 'as before'}{kind}"
    return f"{printable}: {found}, {seen.bytes} bytes in {seen.seconds:.1f} s. {seen.reason}"
