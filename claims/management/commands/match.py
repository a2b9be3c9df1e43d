"""`manage.py match`: the checked claims nearest to each text, and why."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from claims.management.lines import LineCommand, read_text
from claims.matching import Entry, MatchIndex
from claims.matching.embedding import Embedding, EmbeddingUnusable, to_bytes
from claims.matching.vectors import Vectors

_TEXTS = ("text", "claim", "normalised", "title", "subtitle", "wordings")


class Command(LineCommand):
    """Match texts against a file of claims."""

    help = (
        "For each query the nearest of the claims, best first, one JSON object a line. Both files are JSON Lines: a "
        "claim has `id`, `text` and if you like `title`, `subtitle`, `wordings`, `claimant`, `topics`, `period`; a "
        "query has `id` and `text`. Needs no database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queries", metavar="QUERIES")
        parser.add_argument("--claims", required=True, metavar="CLAIMS")
        parser.add_argument("--limit", type=int, default=5, help="Matches a query, 5 by default and at most 100.")
        parser.add_argument(
            "--embedding",
            default=settings.MATCH_EMBEDDING,
            metavar="FOLDER",
            help="Weigh meaning too, by this model; MATCH_EMBEDDING by default. An empty one: words alone.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON object a line; without it, a table.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["limit"] <= 100:
            raise CommandError("--limit is a number from 1 to 100.")
        index = MatchIndex()
        entries = [_entry(row, name) for row, name in _rows(options["claims"])]
        index.rebuild(entries)
        if options["embedding"]:
            _add_meaning(index, entries, options["embedding"])
        for row, name in _rows(options["queries"]):
            if not isinstance(row.get("text"), str):
                raise CommandError(f"{name}: a query has a `text`.")
            matches = index.find(row["text"], limit=options["limit"])
            if options["json"]:
                shown = [
                    {"id": m.entry.id, "score": m.score, "class": m.match_class.value, "reason": m.reason}
                    for m in matches
                ]
                self.write_json({"id": row.get("id"), "matches": shown})
                continue
            self.stdout.write(f"{row.get('id')}: {row['text'][:100]}")
            for match in matches:
                self.stdout.write(f"  {match.score:.2f} {match.match_class:<11} {match.entry.id}  [{match.reason}]")


def _add_meaning(index: MatchIndex, entries: list[Entry], folder: str) -> None:
    """Let the index weigh the meaning of these claims; or raise CommandError."""
    try:
        embedding = Embedding(Path(folder))
    except EmbeddingUnusable as refusal:
        raise CommandError(str(refusal)) from None
    vectors = Vectors(embedding.size)
    made = embedding.encode([entry.meant for entry in entries])
    vectors.put((entry.id, to_bytes(vector)) for entry, vector in zip(entries, made, strict=True))
    index.use_meaning(embedding, vectors)


def _rows(name: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each object of a JSON Lines file with the place to name in a refusal; or raise CommandError."""
    for number, line in enumerate(read_text(name).split("\n"), 1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise CommandError(f"{place} is not JSON.") from None
        if not isinstance(row, dict):
            raise CommandError(f"{place} is not a JSON object.")
        yield row, place


def _entry(row: dict[str, Any], place: str) -> Entry:
    texts: list[str] = []
    for name in _TEXTS:
        value = row.get(name)
        texts += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]
    if row.get("id") in (None, "") or not texts:
        raise CommandError(f"{place}: a claim has an `id` and a `text`.")
    topics = tuple(str(topic) for topic in row.get("topics") or ())
    return Entry(str(row["id"]), tuple(texts), str(row.get("claimant") or ""), topics, str(row.get("period") or ""))
