"""`manage.py ingest`: take articles in from files and addresses, or show what would be found in them."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from claims.extraction import extract_candidates
from claims.management.documents import is_address, page_type, text_of
from claims.management.lines import LineCommand, read_bytes
from claims.management.people import desk_person
from claims.models import Article
from claims.services import intake
from sources.errors import Refused
from sources.services.checks import check_source


class Command(LineCommand):
    """Take articles apart into candidates."""

    help = (
        "Take articles in: files (HTML, PDF, plain text) and addresses. With --dry-run nothing is written and no "
        "database is needed; --json prints one object a line, best candidate first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("articles", nargs="+", metavar="FILE|URL")
        parser.add_argument("--by", metavar="USERNAME", help="Who takes them in; by default a desk lead.")
        parser.add_argument("--dry-run", action="store_true", help="Only show the candidates; write nothing.")
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")

    def handle(self, *args: Any, **options: Any) -> None:
        take: Callable[[str], None]
        if options["dry_run"]:
            names = len(options["articles"]) > 1

            def take(article: str) -> None:
                self._show(article, as_json=options["json"], with_name=names)
        else:
            by = desk_person(options["by"])

            def take(article: str) -> None:
                self._take_in(article, by, as_json=options["json"])

        refused = 0
        for article in options["articles"]:
            try:
                take(article)
            except (CommandError, Refused) as refusal:
                refused += 1
                self.refuse(f"{article}: {refusal}" if article not in str(refusal) else str(refusal))
        if refused:
            raise SystemExit(1)

    def _show(self, article: str, *, as_json: bool, with_name: bool) -> None:
        text = text_of(article)
        for candidate in extract_candidates(text):
            if not as_json:
                said_by = f"{candidate.claimant}: " if candidate.claimant else ""
                sentence = " ".join(candidate.text.split())
                self.stdout.write(f"{candidate.score:.2f}  {said_by}{sentence}  [{'; '.join(candidate.reasons)}]")
                continue
            line = {
                "start": candidate.start,
                "end": candidate.end,
                "text": text[candidate.start : candidate.end],
                "score": candidate.score,
                "reasons": list(candidate.reasons),
                "claimant": candidate.claimant or None,
                "figures": [figure.as_dict() for figure in candidate.figures],
            }
            self.write_json({"file": article, **line} if with_name else line)

    def _take_in(self, name: str, by: User, *, as_json: bool) -> None:
        if is_address(name):
            article, is_new = self._take_in_address(name, by, as_json)
        else:
            content = read_bytes(name)
            file_name = name.replace("\\", "/").rsplit("/", 1)[-1]
            self._tell(f"{name}: reading …", as_json)
            article, is_new = intake.add_article_file(
                content=content, name=file_name, content_type=page_type(name, content), by=by, now=timezone.now()
            )
        found = article.candidates.count()
        if as_json:
            line = {"article": article.pk, "source": article.source_id, "new": is_new, "progress": article.progress}
            self.write_json({**line, "reason": article.progress_reason, "candidates": found})
        if article.progress != Article.Progress.READ:
            raise CommandError(article.progress_reason or "It has not been read yet; a worker will try again.")
        known = "" if is_new else " (known already)"
        self._tell(f"{name}: article {article.pk}, {found} candidates{known}.", as_json)

    def _take_in_address(self, url: str, by: User, as_json: bool) -> tuple[Article, bool]:
        article, is_new = intake.add_article_at(url=url, by=by, now=timezone.now())
        if article.progress != Article.Progress.READ:
            self._tell(f"{url}: looking …", as_json)
            check = check_source(source_id=article.source_id, requested_by=by, clock=timezone.now)
            self._tell(f"{url}: {check.outcome if check else 'somebody is looking at it already'}", as_json)
            intake.read_article(article=article)
            article.refresh_from_db()
        return article, is_new

    def _tell(self, progress: str, as_json: bool) -> None:
        if not as_json:
            self.stdout.write(progress)
            self.stdout.flush()
