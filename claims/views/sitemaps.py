"""The sitemap: an index, and pages that stay small however many claims there are.

https://www.sitemaps.org/protocol.html
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import F, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from claims import public_ids
from claims.models import Claim, PublicDocument
from claims.queries import published_claimants, published_topics

# A page holds the claims with ids of one span, so that it is read by its range and never changes its bounds.
SPAN = 10_000
_OTHERS = ("home", "claims", "corrections", "methodology", "log", "about")
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the pages of the sitemap, each with its newest change."""
    spans = _listed().annotate(span=F("claim_id") / SPAN).order_by("span").values_list("span")
    pages = [(reverse("sitemap-page", args=["pages"]), None)]
    pages += [
        (reverse("sitemap-page", args=[f"claims-{span}"]), newest)
        for span, newest in spans.annotate(newest=Max("updated_at"))
    ]
    return _xml("sitemapindex", "sitemap", pages)


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """List the standing pages with topics and claimants, or the published claims of one span."""
    if name == "pages":
        return _xml("urlset", "url", _pages())
    kind, _, span = name.partition("-")
    if kind != "claims" or not (span.isascii() and span.isdigit() and len(span) < 12):
        raise Http404
    first = int(span) * SPAN
    rows = _listed().filter(claim__gte=first, claim__lt=first + SPAN).order_by("claim")
    told = [
        (reverse("claim", args=[public_ids.written(public_id)]), changed)
        for public_id, changed in rows.values_list("public_id", "updated_at")
    ]
    if not told:
        raise Http404
    return _xml("urlset", "url", told)


def _listed() -> QuerySet[PublicDocument]:
    """Keep what a search engine should know: published, and not replaced by another claim."""
    return PublicDocument.objects.filter(status=200, claim__superseded_by=None, claim__citability__in=Claim.PUBLIC)


def _pages() -> Iterable[tuple[str, datetime | None]]:
    yield from ((reverse(name), None) for name in _OTHERS)
    yield from ((topic.get_absolute_url(), None) for topic in published_topics().order_by("pk")[:SPAN])
    yield from ((claimant.get_absolute_url(), None) for claimant in published_claimants().order_by("pk")[:SPAN])


def _xml(root: str, element: str, pages: Iterable[tuple[str, datetime | None]]) -> HttpResponse:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_SCHEMA}">']
    for path, changed in pages:
        modified = f"<lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
        lines.append(f"<{element}><loc>{escape(settings.SITE_URL + path)}</loc>{modified}</{element}>")
    body = "\n".join([*lines, f"</{root}>", ""])
    return HttpResponse(body, content_type="application/xml", headers={"Cache-Control": "public, max-age=600"})
