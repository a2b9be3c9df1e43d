"""claims:search over what is published."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from claims.formats.factchecktools import asked_site, checked_claim, publisher_site
from claims.queries import in_language, near, published_documents, published_since

from .answering import invalid, method, number, text, unimplemented
from .paging import page_of

LARGEST = 100
LONGEST_AGE = 36_500  # days, and as good as any
_QUESTION = ("query", "languageCode", "reviewPublisherSiteFilter", "maxAgeDays")


def search(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Answer with the claims near the query, the nearest first; no hits, and past the end, are an empty object."""
    query, site = text(parameters, "query"), text(parameters, "reviewPublisherSiteFilter")
    language, days = text(parameters, "languageCode"), number(parameters, "maxAgeDays")
    if not query and not site:
        raise invalid("Request must contain a query or a reviewPublisherSiteFilter.")
    page = page_of(parameters, _QUESTION, largest=LARGEST)
    rows = published_documents()
    if site and asked_site(site) != publisher_site(settings.SITE_URL):
        rows = rows.none()
    if language:
        rows = in_language(rows, language.replace("_", "-").split("-")[0])
    if days:
        # The review's date is the newer of the two: nobody reviews what was not said yet.
        rows = published_since(rows, timezone.now() - timedelta(days=min(days, LONGEST_AGE)))
    found, token = page.of(near(rows, query).values_list("body", flat=True))
    described = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    answer: dict[str, Any] = {}
    if found:
        answer["claims"] = [checked_claim(json.loads(body), **described) for body in found]
    if token:
        answer["nextPageToken"] = token
    return answer


def image_search(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Refuse: this desk checks what is said, not pictures."""
    raise unimplemented("Claims cannot be searched for by an image here.")


claims_search = method(get=search)
claims_image_search = method(get=image_search)
