"""`manage.py compare_figures`: whether a claim's figures and a source's agree, and why."""

import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from claims.extraction import compare_texts
from claims.management.lines import LineCommand, day_argument


class Command(LineCommand):
    """Compare the figures of a claim with those of a source."""

    help = (
        "Compare the figures of CLAIM with those of SOURCE: equal, within, overlaps, conflicts or not_comparable, "
        "with the rule that decided and a sentence that explains it. “-” reads one of the two from standard input. "
        "Says whether figures agree, never whether a claim is true. Needs no database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("claim", metavar="CLAIM")
        parser.add_argument("source", metavar="SOURCE")
        parser.add_argument("--json", action="store_true", help="One JSON object.")
        parser.add_argument(
            "--date",
            type=day_argument,
            metavar="YYYY-MM-DD",
            help="The day both texts were written; places “last week” and days without a year.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        claim, source = options["claim"], options["source"]
        if claim == source == "-":
            raise CommandError("Only one of the two can come from standard input.")
        claim, source = (sys.stdin.read() if text == "-" else text for text in (claim, source))
        found = compare_texts(claim, source, reference_date=options["date"])
        if not options["json"]:
            self.stdout.write(f"{found.result} ({found.rule}): {found.reason}")
            return
        self.write_json(
            {
                "result": found.result,
                "rule": found.rule,
                "reason": found.reason,
                "claim": found.claim and found.claim.as_dict(),
                "source": found.source and found.source.as_dict(),
            }
        )
