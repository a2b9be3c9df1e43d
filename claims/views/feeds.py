"""Feeds of everything published: Atom, JSON Feed and ClaimReview, in step with the ledger.

A feed changes when the ledger does, so one look at the ledger's last row answers whoever has it already.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.urls.converters import StringConverter
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from claims.formats import feeds
from claims.formats.claimreview import data_feed
from claims.formats.document import correction_document, moment
from claims.models import Change, Correction, PublicDocument
from claims.queries import published_documents, published_topics
from sources.api.paging import Keyset, next_address
from sources.api.problems import Problem

from .limiting import limited
from .lists import public_corrections

# Raised when the same rows are written in another way, so that nobody keeps the old one.
EDITION = 1
BATCH = 500
_FORMS: dict[str, tuple[str, Callable[[feeds.Feed], str]]] = {
    "atom": ("application/atom+xml; charset=utf-8", feeds.atom),
    "json": ("application/feed+json; charset=utf-8", feeds.json_feed),
}


class Form(StringConverter):
    """The endings a feed is asked for by."""

    regex = "|".join(_FORMS)


_NEWEST_CLAIMS, _NEWEST_CORRECTIONS = Keyset("-updated_at", "-pk"), Keyset("-corrected_at", "-pk")
# A change within the same second as another cannot be told by a date.
_SETTLED = timedelta(seconds=1)


@dataclass(frozen=True)
class Standing:
    """How far the ledger has come, which is what every feed tells."""

    etag: str
    changed_at: datetime | None

    @property
    def last_modified(self) -> int | None:
        if self.changed_at is None or timezone.now() - self.changed_at <= _SETTLED:
            return None
        return int(self.changed_at.timestamp())


@require_safe
@limited()
def all_claims(request: HttpRequest, form: str) -> HttpResponseBase:
    """Answer with everything published, the last changed first."""
    about = "Every published verdict, the last changed first."
    rows = published_documents()
    return _claims(request, form, rows, title=settings.SITE_NAME, about=about, page=reverse("home"))


@require_safe
@limited()
def topic_claims(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """Answer with what is published under one topic; a topic without any is not there."""
    topic = get_object_or_404(published_topics(), slug=slug)
    rows = published_documents().filter(claim__topics__slug=slug, body__contains=f'"slug":"{slug}"')
    title, about = f"{settings.SITE_NAME}: {topic.name}", f"Published verdicts on {topic.name}."
    return _claims(request, form, rows, title=title, about=about, page=topic.get_absolute_url())


@require_safe
@limited()
def corrections(request: HttpRequest, form: str) -> HttpResponseBase:
    """Answer with every correction and withdrawal, newest first."""
    title = f"{settings.SITE_NAME}: corrections"
    about = "Every change of what this desk has published, with its reason."
    rows = public_corrections().select_related("publication__claim__public_document", "replaced")

    def entries() -> tuple[list[feeds.Entry], str | None]:
        found, cursor = _NEWEST_CORRECTIONS.page(rows, request.GET)
        return [_correction(row) for row in found], cursor

    return _feed(request, form, entries, title=title, about=about, page=reverse("corrections"))


@require_safe
@limited()
def claim_reviews(request: HttpRequest) -> HttpResponseBase:
    """Answer with the ClaimReview of everything published, as one schema.org DataFeed sent while it is read."""
    standing = _standing()
    held = _held_already(request, standing)
    if held is not None:
        return held
    pieces = data_feed(
        _documents(),
        site_name=settings.SITE_NAME,
        site_url=settings.SITE_URL,
        modified_at=moment(standing.changed_at),
    )
    return _headed(StreamingHttpResponse(pieces, content_type="application/ld+json; charset=utf-8"), standing)


def _claims(
    request: HttpRequest, form: str, rows: QuerySet[PublicDocument], *, title: str, about: str, page: str
) -> HttpResponseBase:
    def entries() -> tuple[list[feeds.Entry], str | None]:
        found, cursor = _NEWEST_CLAIMS.page(rows.values("pk", "updated_at", "body"), request.GET)
        told = [(json.loads(row["body"]), moment(row["updated_at"]) or "") for row in found]
        return [feeds.claim_entry(document, updated_at=updated_at) for document, updated_at in told], cursor

    return _feed(request, form, entries, title=title, about=about, page=page)


def _feed(
    request: HttpRequest,
    form: str,
    entries: Callable[[], tuple[list[feeds.Entry], str | None]],
    *,
    title: str,
    about: str,
    page: str,
) -> HttpResponseBase:
    """Answer with one page of a feed, or that it is the one the reader has."""
    standing = _standing()
    held = _held_already(request, standing)
    if held is not None:
        return held
    try:
        found, cursor = entries()
    except Problem as problem:
        return HttpResponse(f"{problem}\n", status=problem.status, content_type="text/plain; charset=utf-8")
    content_type, write = _FORMS[form]
    asked = {name: request.GET[name] for name in request.GET if name in ("cursor", "page_size")}
    own = f"{settings.SITE_URL}{request.path}"
    feed = feeds.Feed(
        title=title,
        about=about,
        site_name=settings.SITE_NAME,
        site_url=settings.SITE_URL,
        page_url=f"{settings.SITE_URL}{page}",
        url=next_address(request.path, {}, **asked) if asked else own,
        next_url=next_address(request.path, asked, cursor=cursor) if cursor else None,
        updated_at=moment(standing.changed_at) or "1970-01-01T00:00:00Z",
        entries=found,
    )
    return _headed(HttpResponse(write(feed), content_type=content_type), standing)


def _correction(row: Correction) -> feeds.Entry:
    old, new = json.loads(row.replaced.document), json.loads(row.publication.document)
    document = json.loads(row.publication.claim.public_document.body)
    return feeds.correction_entry(correction_document(row, old, new), document, language=new["language"])


def _documents() -> Iterator[dict[str, Any]]:
    """Yield every published document, a batch at a time, so that no query and no memory grows with their number."""
    after = 0
    while rows := list(published_documents().filter(pk__gt=after).order_by("pk").values_list("pk", "body")[:BATCH]):
        for pk, body in rows:
            after = pk
            yield json.loads(body)


def _standing() -> Standing:
    last = Change.objects.order_by("-seq").values_list("seq", "at").first()
    seq, changed_at = last or (-1, None)
    site = hashlib.sha256(f"{settings.SITE_NAME}\n{settings.SITE_URL}".encode()).hexdigest()[:8]
    return Standing(f'"{EDITION}-{site}-{seq}"', changed_at)


def _held_already(request: HttpRequest, standing: Standing) -> HttpResponseBase | None:
    held = get_conditional_response(request, etag=standing.etag, last_modified=standing.last_modified)
    return _headed(held, standing) if held is not None else None


def _headed(response: Any, standing: Standing) -> HttpResponseBase:
    response["ETag"] = standing.etag
    if standing.last_modified is not None:
        response["Last-Modified"] = http_date(standing.last_modified)
    response["Cache-Control"] = f"public, max-age={settings.TOLD_WITHIN}"
    response["Access-Control-Allow-Origin"] = "*"
    return response
