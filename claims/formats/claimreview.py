"""A published claim as schema.org ClaimReview (release 30.0), in the form Google documents, alone and in a DataFeed.

https://schema.org/ClaimReview, https://schema.org/DataFeed and
https://developers.google.com/search/docs/appearance/structured-data/factcheck
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from .links import safe_href

# schema.org's types for where something was said; what has no type of its own is a CreativeWork.
_WORKS = {
    "article": "NewsArticle",
    "report": "Report",
    "dataset": "Dataset",
    "social_post": "SocialMediaPosting",
}
_WORST, _BEST = 1, 5
_ON_HOLD = "On hold"


class ScriptJson(str):
    """JSON text that may stand inside a script element as it is: it holds no `<`, `>`, `&`, U+2028 or U+2029.

    Each is written as JSON's own escape, so the text means the same to a JSON parser and nothing to an HTML
    parser; templates therefore print it unchanged.
    """

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def script_json(value: Any) -> ScriptJson:
    """Return the value as JSON for a script element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return ScriptJson(text)


def claim_review(document: dict[str, Any], *, site_name: str, site_url: str) -> dict[str, Any]:
    """Describe a published claim's public document as a ClaimReview.

    A verdict that orders no truth carries its name and no number; a claim on hold says so in
    `creativeWorkStatus` and after the verdict's name. The document of a withdrawn claim has no verdict and is not
    accepted: KeyError.
    """
    desk = {"@type": "Organization", "name": site_name, "url": f"{site_url}/"}
    verdict = document["verdict"]
    rating: dict[str, Any] = {"@type": "Rating"}
    if verdict["value"] is not None:
        rating |= {"ratingValue": verdict["value"], "worstRating": _WORST, "bestRating": _BEST}
    rating |= {"alternateName": verdict_words(document), "ratingExplanation": verdict["finding"]}
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": document["url"],
        "name": review_title(document),
        "identifier": document["id"],
        "version": document["version"],
        "datePublished": document["first_published_at"],
        "dateModified": document["published_at"],
        "inLanguage": document["language"],
        "claimReviewed": document["text"],
        "author": desk,
        "sdPublisher": desk,
        "reviewRating": rating,
        "itemReviewed": _claim(document),
    }
    if document["hold"]:
        review["creativeWorkStatus"] = _ON_HOLD
    return review


def review_title(document: dict[str, Any]) -> str:
    """Return the title a review goes by where other sites list it."""
    return f"Fact check: {document['text']}"


def verdict_words(document: dict[str, Any]) -> str:
    """Return the verdict as one short label, which says when the claim is on hold."""
    label = document["verdict"]["label"]
    return f"{label} ({_ON_HOLD.lower()})" if document["hold"] else label


def claim_date(document: dict[str, Any]) -> str | None:
    """Return the day on which the claim was first made, as far as its appearances tell."""
    return min((item["said_on"] for item in document["appearances"] if item["said_on"]), default=None)


def data_feed(
    documents: Iterable[dict[str, Any]], *, site_name: str, site_url: str, modified_at: str | None
) -> Iterator[str]:
    """Yield a schema.org DataFeed of these claims' reviews piece by piece, so that it may be of any size.

    Each element holds its review in an array, as every known reader of such feeds expects it.
    """
    head = {"@context": "https://schema.org", "@type": "DataFeed", "name": site_name, "url": f"{site_url}/"}
    if modified_at:
        head["dateModified"] = modified_at
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "dataFeedElement": ['
    separator = "\n"
    for document in documents:
        element = {
            "@type": "DataFeedItem",
            "dateCreated": document["first_published_at"],
            "dateModified": document["published_at"],
            "url": document["url"],
            "item": [claim_review(document, site_name=site_name, site_url=site_url)],
        }
        yield separator + json.dumps(element, ensure_ascii=False, allow_nan=False)
        separator = ",\n"
    yield "\n]}\n"


def _claim(document: dict[str, Any]) -> dict[str, Any]:
    claim: dict[str, Any] = {"@type": "Claim", "text": document["text"]}
    authors = [_claimant(claimant) for claimant in document["claimants"]]
    if authors:
        claim["author"] = authors[0] if len(authors) == 1 else authors
    said_on = claim_date(document)
    if said_on:
        claim["datePublished"] = said_on
    appearances = _appearances(document)
    if appearances:
        claim["appearance"] = appearances
    return claim


def _claimant(claimant: dict[str, Any]) -> dict[str, Any]:
    kind = "Organization" if claimant["kind"] == "organisation" else "Person"
    described = {"@type": kind, "name": claimant["name"]}
    same_as = safe_href(claimant["same_as"])
    return {**described, "sameAs": same_as} if same_as else described


def _appearances(document: dict[str, Any]) -> list[dict[str, Any]]:
    works, seen = [], set()
    for item in document["appearances"]:
        url = safe_href(item["source"]["url"])
        if url and url not in seen:
            seen.add(url)
            kind = _WORKS.get(item["source"]["kind"], "CreativeWork")
            works.append({"@type": kind, "url": url, "headline": item["source"]["title"]})
    return works
