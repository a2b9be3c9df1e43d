"""`manage.py score`: how likely a person would check each sentence, and why."""

from typing import Any

from django.core.management.base import CommandParser

from claims import extraction
from claims.management.lines import LineCommand, read_text


class Command(LineCommand):
    """Score sentences for check-worthiness."""

    help = "Score a file with a sentence a line, 0 to 1 and with the reasons, in its order. Needs no database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = read_text(options["file"]).removesuffix("\n").split("\n")
        for number, line in enumerate(lines, 1):
            sentence = line.removesuffix("\r")
            scored = extraction.score_sentence(sentence)
            if options["json"]:
                self.write_json(
                    {"line": number, "text": sentence, "score": scored.score, "reasons": list(scored.reasons)}
                )
            else:
                self.stdout.write(f"{scored.score:.2f}  {sentence}  [{'; '.join(scored.reasons)}]")
