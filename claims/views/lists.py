"""Lists of published claims: the front page, topics, claimants, corrections; and the method."""

import json
from typing import Any

from django.core.paginator import EmptyPage, InvalidPage, Page, PageNotAnInteger, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.formats.document import correction_document
from claims.formats.links import safe_href
from claims.formats.page import correction_page
from claims.models import Claim, Claimant, Correction, LogCheck, Rating, Topic
from claims.queries import published_claimants, published_claims, published_topics
from claims.services.policies import current_policy

from .reading import cards

PAGE_SIZE = 20
FRONT_PAGE = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is new, what was corrected and what is on hold."""
    published = Claim.objects.published().select_related("public_document")
    # What is on hold or replaced stands in its own column, not under what is new.
    citable = published.exclude(citability=Claim.Citability.ON_HOLD).filter(superseded_by=None)
    newest = citable.filter(publications__number=1).order_by("-publications__published_at", "-pk")[: FRONT_PAGE + 1]
    held = published.filter(citability=Claim.Citability.ON_HOLD).order_by("-held_at", "-pk")[:FRONT_PAGE]
    new = cards(newest)
    context = {
        "lead": new[0] if new else None,
        "new": new[1:],
        "held": cards(held),
        "corrections": _corrections(public_corrections()[:FRONT_PAGE]),
        "topics": published_topics()[:24],
    }
    return render(request, "claims/home.html", context)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the published claims of one topic; a topic without any is not there."""
    found = get_object_or_404(published_topics(), slug=slug)
    return _subject(
        request, found, published_claims(topic=slug), {"kind": "Topic", "narrowed": f"topic={slug}", "has_feed": True}
    )


@require_safe
def claimant(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what one claimant said and how it was rated; one without a published claim is not there."""
    found = get_object_or_404(published_claimants(), slug=slug)
    more = {"kind": "Claimant", "narrowed": f"claimant={slug}", "same_as": safe_href(found.same_as)}
    return _subject(request, found, published_claims(claimant=slug), more)


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Show every correction, clarification, update and withdrawal, the newest first."""
    page, status, problem = _page(public_corrections(), request.GET.get("page", "1"))
    context = {"page": page, "corrections": _corrections(page), "problems": [problem] if problem else []}
    return render(request, "claims/corrections.html", context, status=status)


@require_safe
def methodology(request: HttpRequest) -> HttpResponse:
    """Show the scale and the rules verdicts are made by."""
    counts = Count("pk")
    published = Claim.objects.published().aggregate(
        all=counts, held=Count("pk", filter=Q(citability=Claim.Citability.ON_HOLD))
    )
    ratings = Rating.objects.filter(retired_at=None)
    newest_check = LogCheck.objects.last()
    log_failed = bool(newest_check and newest_check.failure)
    return render(
        request,
        "claims/method.html",
        {
            "ratings": ratings,
            "published": published,
            "log_failed": log_failed,
            "reviews_required": current_policy().reviews_required,
        },
    )


def public_corrections() -> QuerySet[Correction]:
    """Return the corrections readers may see: of a claim that stands, and every withdrawal."""
    withdrawn = Q(kind=Correction.Kind.WITHDRAWAL)
    standing = Q(publication__claim__citability__in=Claim.PUBLIC)
    return Correction.objects.filter(standing | withdrawn).select_related("publication__claim", "replaced")


def _subject(
    request: HttpRequest, found: Topic | Claimant, rows: QuerySet[Claim], more: dict[str, Any]
) -> HttpResponse:
    page, status, problem = _page(rows, request.GET.get("page", "1"))
    problems = [problem] if problem else []
    context = {"subject": found, "page": page, "claims": cards(page), "problems": problems, "query": "", **more}
    return render(request, "claims/subject.html", context, status=status)


def _corrections(rows: Any) -> list[dict[str, Any]]:
    """Describe each correction; a withdrawal names its claim and its reason, and repeats nothing of what it said."""
    described = []
    for row in rows:
        old, new = json.loads(row.replaced.document), json.loads(row.publication.document)
        page = correction_page(correction_document(row, old, new))
        is_withdrawal = row.kind == Correction.Kind.WITHDRAWAL
        text = "" if is_withdrawal else new["text"]
        described.append({**page, "code": row.publication.claim.code, "text": text, "language": new["language"]})
    return described


def _page(rows: QuerySet[Any], asked: str) -> tuple[Page, int, str]:
    """Return the page asked for, its status, and the problem with the number; the first page if there is one."""
    paginator = Paginator(rows, PAGE_SIZE)
    try:
        if len(asked) > 9 or not asked.isascii():
            raise PageNotAnInteger
        return paginator.page(asked), 200, ""
    except PageNotAnInteger:
        return paginator.page(1), 400, "A page is a number from 1; this is the first one."
    except EmptyPage:
        is_counted = asked.strip().isdigit() and int(asked) > 0
        problem = f"There is no page {int(asked)}; this is the first one."
        return paginator.page(1), 404 if is_counted else 400, problem
    except InvalidPage:  # pragma: no cover, nothing else is raised today
        return paginator.page(1), 400, "A page is a number from 1; this is the first one."
