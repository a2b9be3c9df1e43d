"""claims:search over what is published."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from claims.formats.factchecktools import asked_site, checked_claim, publisher_site
from claims.queries import in_language, published_documents, published_since
from claims.services.matching import LIMIT, similar_claims
from claims.services.searching import ranked_hits

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
    ranked = _near(query) if query else None
    if ranked is not None:
        rows = rows.filter(pk__in=ranked)
    if site and asked_site(site) != publisher_site(settings.SITE_URL):
        rows = rows.none()
    if language:
        rows = in_language(rows, language.replace("_", "-").split("-")[0])
    if days:
        # The review's date is the newer of the two: nobody reviews what was not said yet.
        rows = published_since(rows, timezone.now() - timedelta(days=min(days, LONGEST_AGE)))
    if ranked is None:
        numbers, token = page.of(rows.order_by("-updated_at", "-pk").values_list("pk", flat=True))
    else:
        kept = set(rows.values_list("pk", flat=True))
        numbers, token = page.of([number for number in ranked if number in kept])
    bodies = dict(published_documents().filter(pk__in=numbers).values_list("pk", "body")) if numbers else {}
    described = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    answer: dict[str, Any] = {}
    if bodies:
        found = [json.loads(bodies[number]) for number in numbers if number in bodies]
        answer["claims"] = [checked_claim(document, **described) for document in found]
    if token:
        answer["nextPageToken"] = token
    return answer


def _near(query: str) -> list[int]:
    """Return the claims that have the query's words, or most of them, best first; of a longer text those near it.

    The index proposes and the rows decide: what was withdrawn a moment ago is not among them.
    """
    now, anyone = timezone.now(), AnonymousUser()
    hits = ranked_hits(query, visible_to=anyone, now=now)
    if hits:
        return [hit.number for hit in hits]
    near = similar_claims(text=query, visible_to=anyone, now=now, limit=LIMIT)
    return [one.claim.pk for one in near if one.is_worth_a_look]


def image_search(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Refuse: this desk checks what is said, not pictures."""
    raise unimplemented("Claims cannot be searched for by an image here.")


claims_search = method(get=search)
claims_image_search = method(get=image_search)
