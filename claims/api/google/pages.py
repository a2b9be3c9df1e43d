"""pages, to be read: which of our pages carry ClaimReview markup, and what it says."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from claims import public_ids
from claims.formats.factchecktools import asked_site, markup_page, publisher_site
from claims.formats.links import claim_code_at
from claims.models import PublicDocument
from claims.queries import published_documents

from .answering import GoogleError, invalid, method, not_found, text, unimplemented
from .paging import page_of

LARGEST = 50


def list_pages(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Answer with the page at an address, at most one, or with all pages of this site."""
    url, organization = text(parameters, "url"), text(parameters, "organization")
    if bool(url) == bool(organization):
        raise invalid("Request must contain either a url or an organization, and not both.")
    page = page_of(parameters, ("url", "organization"), largest=LARGEST)
    if url:
        code = claim_code_at(url, site_url=settings.SITE_URL)
        found = list(published_documents().filter(public_id=public_ids.read(code) if code else None))
        token = ""
    elif asked_site(organization) == publisher_site(settings.SITE_URL):
        found, token = page.of(published_documents().order_by("-updated_at", "-pk"))
    else:
        found, token = [], ""
    answer: dict[str, Any] = {}
    if found:
        answer["claimReviewMarkupPages"] = [_page(document) for document in found]
    if token:
        answer["nextPageToken"] = token
    return answer


def get_page(parameters: Mapping[str, str], page_id: str) -> dict[str, Any]:
    """Answer with one page by its id, which is the claim's."""
    public_id = public_ids.read(page_id) if page_id.isascii() else None
    found = PublicDocument.objects.filter(public_id=public_id).first() if public_id else None
    if found is None:
        raise not_found()
    if found.status != 200:
        raise GoogleError(410, "NOT_FOUND", "The claim on this page has been withdrawn.")
    return _page(found)


def refuse(parameters: Mapping[str, str], **named: str) -> dict[str, Any]:
    """Refuse to write: what is published here is decided by the desk's reviewers."""
    raise unimplemented("Pages cannot be changed over this interface; they are published by the desk.")


def nowhere(parameters: Mapping[str, str], **named: str) -> dict[str, Any]:
    raise not_found("There is no such method.")


def _page(row: PublicDocument) -> dict[str, Any]:
    described = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    return markup_page(json.loads(row.body), version=row.version, **described)


pages = method(get=list_pages, post=refuse)
page = method(get=get_page, put=refuse, delete=refuse)
anything_else = method(get=nowhere)
