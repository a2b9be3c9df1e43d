"""`manage.py figures`: the figures of a text, read out as data."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from claims.extraction import read_figures
from claims.management.lines import LineCommand


class Command(LineCommand):
    """Read figures out of texts."""

    help = "Read the figures out of each TEXT, or of each line of standard input. Needs no database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("texts", nargs="*", metavar="TEXT")
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")

    def handle(self, *args: Any, **options: Any) -> None:
        texts = options["texts"] or [line.rstrip("\n") for line in sys.stdin]
        for index, text in enumerate(texts):
            for figure in read_figures(text):
                line = figure.as_dict()
                if options["json"]:
                    self.write_json({"text_index": index, **line} if len(texts) > 1 else line)
                else:
                    whole = f" of {line['whole']}" if line["whole"] is not None else ""
                    span = f"{line['low']} to {line['high']}{whole}"
                    self.stdout.write(f"{figure.text}: {figure.qualifier} {span} {figure.unit}".strip())
