"""`manage.py sentences`: the sentences of a text file, each with its place."""

from typing import Any

from django.core.management.base import CommandParser

from claims import extraction
from claims.management.lines import LineCommand, read_text


class Command(LineCommand):
    """Split a text into sentences."""

    help = "Split a text file into sentences; offsets are code points into the file's text. Needs no database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")

    def handle(self, *args: Any, **options: Any) -> None:
        text = read_text(options["file"])
        for sentence in extraction.split_sentences(text):
            words = text[sentence.start : sentence.end]
            if options["json"]:
                self.write_json({"start": sentence.start, "end": sentence.end, "text": words})
            else:
                self.stdout.write(" ".join(words.split()))
