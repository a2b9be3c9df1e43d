"""`manage.py locate`: where a quote stands in a document now, and what changed in it."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from claims.comparison import Finding, compare_quote
from claims.management.documents import read_document
from claims.management.lines import LineCommand
from sources.page_class import PageKind


class Command(LineCommand):
    """Look for a quote in a document."""

    help = (
        "Say whether a QUOTE stands in a document (HTML, PDF, plain text or an address), where, and what changed. "
        "A quote that is not in a wall, an error page or an empty page is not checkable rather than missing. "
        "Needs no database. For a missing quote the nearest passage is shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("document", metavar="FILE|URL")
        parser.add_argument("--quote", required=True, metavar="TEXT", help="The words to look for.")
        parser.add_argument("--prefix", default="", metavar="TEXT", help="What stood before them.")
        parser.add_argument("--suffix", default="", metavar="TEXT", help="What stood after them.")
        parser.add_argument("--json", action="store_true", help="One JSON object, offsets in code points.")

    def handle(self, *args: Any, **options: Any) -> None:
        quote = options["quote"]
        if not quote.strip():
            raise CommandError("The quote is empty; give the words to look for.")
        text, page = read_document(options["document"])
        found = compare_quote(quote=quote, prefix=options["prefix"], suffix=options["suffix"], text=text)
        if found.result == "missing" and page and page.value != PageKind.ARTICLE:
            found = Finding("not_checkable", None, None, "", (), f"This is no readable document. {page.reason}")
        start, end = found.nearest or (found.start, found.end)
        passage, reason = text[start:end] if start is not None else "", found.reason
        if found.nearest:
            reason += " The nearest passage is shown."
        if options["json"]:
            line = {"result": found.result, "start": start, "end": end, "passage": passage}
            self.write_json({**line, "changed": list(found.changed), "reason": reason})
            return
        place = f" at {start} to {end}" if start is not None else ""
        self.stdout.write(f"{found.result}{place}: {reason}")
        if passage:
            self.stdout.write(" ".join(passage.split()))
