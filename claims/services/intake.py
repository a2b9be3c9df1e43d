"""Intake: an article becomes a source with a snapshot, its text candidates, a candidate a claim."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from claims import extraction
from claims.errors import CandidateRefused, IntakeRefused
from claims.models import Appearance, Article, Candidate, Claim, Claimant
from sources.models import Snapshot, Source
from sources.services.snapshots import add_document_file, add_document_text
from sources.services.sources import register_source
from sources.text import quote_context

from .claims import claimant_named, draft_claim
from .evidence import locate_quote
from .training import weighing_in_use
from .versions import claim_locked, require_work, save_claim

CANDIDATES_KEPT = 400


@transaction.atomic
def add_article_at(*, url: str, by: User, now: datetime) -> tuple[Article, bool]:
    """Register an article by its address and return it with whether it is new; a worker reads it.

    Raises NotPermitted, or SourceRefused for an address that may not be fetched. An address the desk has
    read before is taken apart from the snapshot it has.
    """
    require_work(by)
    source, _ = register_source(url=url, by=by, now=now)
    return _article_of(source, by, now)


def add_article_file(
    *, content: bytes, name: str, content_type: str = "", title: str = "", by: User, now: datetime
) -> tuple[Article, bool]:
    """Add an article from an uploaded file (HTML, PDF, plain text) and return it with whether it is new.

    The same bytes uploaded twice are one article. Raises CaptureRefused or NotPermitted.
    """
    require_work(by)
    snapshot = add_document_file(content=content, name=name, content_type=content_type, title=title, by=by, now=now)
    return _article_of(snapshot.source, by, now)


def add_article_text(*, text: str, title: str = "", by: User, now: datetime) -> tuple[Article, bool]:
    """Add an article from pasted text; the same text pasted twice is one article. Raises as a file does."""
    require_work(by)
    return _article_of(add_document_text(text=text, title=title, by=by, now=now).source, by, now)


@transaction.atomic
def _article_of(source: Source, by: User, now: datetime) -> tuple[Article, bool]:
    article, is_new = Article.objects.get_or_create(source=source, defaults={"added_by": by, "added_at": now})
    if is_new:
        read_article(article=article)
        article.refresh_from_db()
    return article, is_new


@transaction.atomic
def read_article(*, article: Article) -> bool:
    """Take a waiting article apart once its source has a readable snapshot; return whether it was read.

    An article whose source was looked at and gave no readable document is marked as failed, with the reason
    and what to do; a later good snapshot is read all the same.
    """
    article = Article.objects.select_for_update(of=("self",)).select_related("source").get(pk=article.pk)
    if article.progress == Article.Progress.READ:
        return True
    snapshot = article.source.snapshots.readable().first()
    if snapshot is None:
        check = article.source.checks.first()
        if check is not None:
            article.progress = Article.Progress.FAILED
            seen = (check.reason or check.outcome).rstrip(".")
            article.progress_reason = f"{seen}. Upload the page or paste its text instead."[:300]
            article.save()
        return False
    found = extraction.extract_candidates(
        snapshot.text, reference_date=snapshot.published_on, weighing=weighing_in_use()
    )
    Candidate.objects.bulk_create(
        (
            Candidate(
                article=article,
                quote=snapshot.text[item.start : item.end],
                prefix=quote_context(snapshot.text, item.start, item.end)[0],
                suffix=quote_context(snapshot.text, item.start, item.end)[1],
                start=item.start,
                end=item.end,
                score=item.score,
                reasons=list(item.reasons),
                claimant=(item.claimant or "")[:300],
                figures=[figure.as_dict() for figure in item.figures],
            )
            for item in found[:CANDIDATES_KEPT]
        ),
        batch_size=100,
    )
    article.snapshot, article.progress, article.progress_reason = snapshot, Article.Progress.READ, ""
    article.save()
    return True


def read_waiting_articles(*, limit: int = 50) -> int:
    """Read the articles whose source has been looked at since; return how many were read. Safe to run twice."""
    waiting = Article.objects.exclude(progress=Article.Progress.READ).order_by("added_at")
    due = waiting.filter(source__snapshots__page_class=Snapshot.PageClass.ARTICLE) | waiting.filter(
        progress=Article.Progress.WAITING, source__last_attempted_at__isnull=False
    )
    return sum(read_article(article=article) for article in due.distinct()[:limit])


def _open_candidate(candidate_id: int) -> Candidate:
    candidate = Candidate.objects.select_for_update().get(pk=candidate_id)
    if candidate.decision != Candidate.Decision.OPEN:
        raise CandidateRefused(f"This passage was already {candidate.get_decision_display().lower()}.")
    return candidate


def _decide(candidate: Candidate, decision: str, by: User, now: datetime, claim: Claim | None = None) -> None:
    candidate.decision, candidate.claim = decision, claim
    candidate.decided_by, candidate.decided_at = by, now
    candidate.save()


@transaction.atomic
def add_appearance(
    *,
    claim_id: int,
    snapshot_id: int,
    quote: str,
    claimant: Claimant | None,
    said_on: date | None,
    by: User,
    now: datetime,
    prefix: str = "",
    suffix: str = "",
) -> Appearance:
    """Record where and when a claim was said; open candidates at that place are taken with it.

    Raises QuoteRefused when the words are not in the snapshot's text.
    """
    require_work(by)
    claim = claim_locked(claim_id)
    snapshot = Snapshot.objects.select_related("source").get(pk=snapshot_id)
    start, end = locate_quote(snapshot=snapshot, quote=quote, prefix=prefix, suffix=suffix)
    prefix, suffix = quote_context(snapshot.text, start, end)
    appearance, is_new = Appearance.objects.get_or_create(
        claim=claim,
        snapshot=snapshot,
        start=start,
        end=end,
        defaults={
            "quote": snapshot.text[start:end],
            "prefix": prefix,
            "suffix": suffix,
            "claimant": claimant,
            "said_on": said_on or snapshot.source.published_on,
            "added_by": by,
            "added_at": now,
        },
    )
    for candidate in Candidate.objects.filter(
        article__snapshot=snapshot, decision=Candidate.Decision.OPEN, start__lt=end, end__gt=start
    ):
        _decide(candidate, Candidate.Decision.ACCEPTED, by, now, claim)
    if is_new:
        save_claim(claim, by=by, now=now, change="appearance added")
    return appearance


def _add_candidate_appearance(candidate: Candidate, claim: Claim, claimant: str, by: User, now: datetime) -> None:
    snapshot = candidate.article.snapshot
    assert snapshot is not None, "candidates are read out of a snapshot"
    add_appearance(
        claim_id=claim.pk,
        snapshot_id=snapshot.pk,
        quote=candidate.quote,
        claimant=claimant_named(claimant) if claimant.strip() else None,
        said_on=None,
        by=by,
        now=now,
        prefix=candidate.prefix,
        suffix=candidate.suffix,
    )


@transaction.atomic
def accept_candidate(
    *, candidate_id: int, by: User, now: datetime, text: str = "", claimant: str | None = None
) -> Claim:
    """Make a candidate a claim in the given words (its own by default), with its first appearance.

    `claimant` None takes the one the sentence names, "" none. Raises CandidateRefused when it was decided
    before, ClaimRefused for an unfit text.
    """
    require_work(by)
    candidate = _open_candidate(candidate_id)
    name = candidate.claimant if claimant is None else claimant
    claim = draft_claim(
        text=text.strip() or " ".join(candidate.quote.split()),
        by=by,
        now=now,
        claimants=[claimant_named(name)] if name.strip() else [],
        language=candidate.article.source.language or "en",
    )
    _decide(candidate, Candidate.Decision.ACCEPTED, by, now, claim)
    _add_candidate_appearance(candidate, claim, name, by, now)
    claim.refresh_from_db()
    return claim


@transaction.atomic
def merge_candidate(*, candidate_id: int, claim_id: int, by: User, now: datetime) -> Claim:
    """Add a candidate to an existing claim as one more appearance of it."""
    require_work(by)
    candidate = _open_candidate(candidate_id)
    claim = claim_locked(claim_id)
    if claim.workflow in (Claim.Workflow.MERGED, Claim.Workflow.DROPPED):
        raise CandidateRefused(f"{claim.code} is {claim.get_workflow_display().lower()}; choose another claim.")
    _decide(candidate, Candidate.Decision.MERGED, by, now, claim)
    _add_candidate_appearance(candidate, claim, candidate.claimant, by, now)
    claim.refresh_from_db()
    return claim


@transaction.atomic
def dismiss_candidate(*, candidate_id: int, by: User, now: datetime) -> Candidate:
    """Put a candidate aside: not a claim worth checking."""
    require_work(by)
    candidate = _open_candidate(candidate_id)
    _decide(candidate, Candidate.Decision.DISMISSED, by, now)
    return candidate


@transaction.atomic
def restore_candidate(*, candidate_id: int, by: User) -> Candidate:
    """Take a dismissal back; what became a claim is dropped or merged as a claim instead."""
    require_work(by)
    candidate = Candidate.objects.select_for_update().get(pk=candidate_id)
    if candidate.decision != Candidate.Decision.DISMISSED:
        raise CandidateRefused("Only a dismissed passage can be restored.")
    candidate.decision, candidate.decided_by, candidate.decided_at = Candidate.Decision.OPEN, None, None
    candidate.save()
    return candidate


@transaction.atomic
def add_candidate(*, article_id: int, start: int, end: int, by: User) -> Candidate:
    """List a passage the machine missed, by its code-point offsets into the article's saved text."""
    require_work(by)
    article = Article.objects.select_related("snapshot").get(pk=article_id)
    if article.snapshot is None:
        raise IntakeRefused("The article has not been read yet.")
    text = article.snapshot.text
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise IntakeRefused("Select some words of the article's text first.", field="quote")
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    prefix, suffix = quote_context(text, start, end)
    try:
        with transaction.atomic():
            return Candidate.objects.create(
                article=article, quote=text[start:end], prefix=prefix, suffix=suffix, start=start, end=end,
                score=1, reasons=["marked by a person"], figures=[],
            )  # fmt: skip
    except IntegrityError:
        return Candidate.objects.get(article=article, start=start, end=end)
