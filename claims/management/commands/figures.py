"""`manage.py figures`: the figures of a text, read out as data."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from claims.extraction import read_figures
from claims.management.lines import LineCommand, day_argument


class Command(LineCommand):
    """Read figures out of texts."""

    help = (
        "Read the figures out of each TEXT, or of each line of standard input (also as “-”): offsets in code points, "
        "ends as numbers or as ISO days, qualifier, unit, whole. Needs no database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("texts", nargs="*", metavar="TEXT")
        parser.add_argument("--json", action="store_true", help="One JSON object a line, one for each figure.")
        parser.add_argument(
            "--date",
            type=day_argument,
            metavar="YYYY-MM-DD",
            help="The day the text was written; places “last week” and days without a year.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        texts = options["texts"] or ["-"]
        if "-" in texts:
            lines = [line.rstrip("\r\n") for line in sys.stdin]
            texts = [line for text in texts for line in (lines if text == "-" else [text])]
        for index, text in enumerate(texts):
            for figure in read_figures(text, reference_date=options["date"]):
                line = figure.as_dict()
                if options["json"]:
                    self.write_json({"text_index": index, **line} if len(texts) > 1 else line)
                else:
                    self.stdout.write(f"{figure.text}: {_in_words(line)}")


def _in_words(line: dict[str, Any]) -> str:
    ends = " to ".join(dict.fromkeys(str(line[end]) for end in ("low", "high") if line[end] is not None))
    whole = f"of {line['whole']}" if line["whole"] is not None else ""
    words = (line["qualifier"].replace("_", " "), ends or "no bounds", whole, line["unit"])
    return " ".join(filter(None, words))
