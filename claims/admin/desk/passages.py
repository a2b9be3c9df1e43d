"""Passages as the claim page shows them: in their sentence and paragraph, beside the claim's figures, with links."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from claims import extraction
from claims.formats.figures import figure_words
from claims.formats.links import safe_href
from claims.models import Article, QuoteCheck
from claims.services.contradictions import figures_of
from sources.models import Snapshot
from sources.text import text_fragment

AROUND = 600  # code points of a paragraph on either side; some pages are one paragraph


@dataclass(frozen=True)
class Wording:
    """A quote in its sentence, and the sentence in its paragraph; in order they are the paragraph."""

    before: str
    sentence_before: str
    quote: str
    sentence_after: str
    after: str


@dataclass(frozen=True)
class Agreement:
    """A figure of the claim beside the nearest of the passage, and how they stand to each other."""

    claim: str
    source: str
    result: str
    reason: str

    @property
    def words(self) -> str:
        return {"equal": "the same", "within": "within it", "overlaps": "overlaps", "conflicts": "conflicts"}.get(
            self.result, "cannot be compared"
        )


def passages(claim):
    """Return a claim's evidence and appearances with what is known of each, in fixed queries."""
    newest = QuoteCheck.objects.of_present_words().order_by("-checked_at", "-pk")
    latest = Snapshot.objects.filter(source=OuterRef("snapshot__source")).order_by("-fetched_at", "-pk")

    def with_check(queryset, field):
        check = newest.filter(**{field: OuterRef("pk")})
        return queryset.select_related("snapshot__source__publisher", "snapshot__source__origin", "added_by").annotate(
            check_result=Subquery(check.values("result")[:1]),
            check_reason=Subquery(check.values("reason")[:1]),
            is_being_confirmed=Subquery(check.values("awaits_confirmation")[:1]),
            checked_at=Subquery(check.values("checked_at")[:1]),
            newest_snapshot_id=Subquery(latest.values("pk")[:1]),
        )

    evidence = list(with_check(claim.evidence, "evidence").select_related("accepted_by"))
    article = Article.objects.filter(source=OuterRef("snapshot__source")).values("pk")[:1]
    appearances = with_check(claim.appearances, "appearance").annotate(article_id=Subquery(article))
    appearances = list(appearances.select_related("claimant"))
    for passage in (*evidence, *appearances):
        passage.check_words = QuoteCheck.Result(passage.check_result).label if passage.check_result else ""
        passage.wording = wording(passage)
        passage.live = live(passage)
        passage.saved = f"{reverse('desk-snapshot', args=[passage.snapshot.source_id, passage.snapshot_id])}"
        passage.differs = differences(passage)
    figures = figures_of(claim)
    for item in evidence:
        item.agreement = agreement(figures, item)
    return evidence, appearances


def wording(passage):
    """Return a passage in its sentence and paragraph, as its snapshot has them."""
    text, start, end = passage.snapshot.text, passage.start, passage.end
    first = max(text.rfind("\n", 0, start) + 1, start - AROUND)
    last = text.find("\n", end)
    last = min(len(text) if last < 0 else last, end + AROUND)
    paragraph = text[first:last]
    opens, closes = start - first, end - first
    touched = [s for s in extraction.split_sentences(paragraph) if s.start < closes and s.end > opens]
    low = min([opens, *(s.start for s in touched)])
    high = max([closes, *(s.end for s in touched)])
    return Wording(
        before=paragraph[:low],
        sentence_before=paragraph[low:opens],
        quote=passage.quote,
        sentence_after=paragraph[closes:high],
        after=paragraph[high:],
    )


def live(passage):
    """Return the address of the live page at the passage, or nothing where there is none to open."""
    address = safe_href(passage.snapshot.source.url)
    return address + text_fragment(passage.quote, passage.prefix, passage.suffix) if address else ""


def differences(passage):
    """Return the page that compares the snapshot quoted with the newest one, or nothing while they are one."""
    if passage.newest_snapshot_id in (None, passage.snapshot_id):
        return ""
    page = reverse("desk-source-differences", args=[passage.snapshot.source_id])
    return f"{page}?from={passage.snapshot_id}&to={passage.newest_snapshot_id}"


def agreement(figures, evidence):
    """Return how the passage's figures stand to the claim's; nothing where either gives none."""
    given = [extraction.Figure.from_dict(figure) for figure in evidence.figures]
    counted = [figure for figure in given if not figure.is_calendar]
    return [
        Agreement(figure_words(item.claim), figure_words(item.other), str(item.found.result), item.found.reason)
        for item in extraction.nearest_figures(figures, counted)
    ]
