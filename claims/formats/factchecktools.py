"""A published claim as Google's Fact Check Tools API v1alpha1 writes it (discovery document of revision 20240929).

That API leaves out what is empty: no null, no empty text or array, and no member of our own.
"""

from typing import Any
from urllib.parse import urlsplit

from .claimreview import claim_date, claim_review, review_title, verdict_words
from .links import safe_href


def publisher_site(site_url: str) -> str:
    """Return the site a review is filtered by: its host, without `www.`."""
    return (urlsplit(site_url).hostname or "").removeprefix("www.")


def asked_site(written: str) -> str:
    """Return the site somebody wrote, as a host, with or without `www.`, or as an address."""
    text = written.strip().lower()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:  # an unclosed bracket
        return ""
    return host.removeprefix("www.").rstrip(".")


def checked_claim(document: dict[str, Any], *, site_name: str, site_url: str) -> dict[str, Any]:
    """Describe a published claim as one of `claims:search`'s results; a withdrawn one is not accepted: KeyError."""
    said_on = claim_date(document)
    review = {
        "publisher": _given({"name": site_name, "site": publisher_site(site_url)}),
        "url": document["url"],
        "title": review_title(document),
        "reviewDate": document["published_at"],
        "textualRating": verdict_words(document),
        "languageCode": document["language"],
    }
    return _given(
        {
            "text": document["text"],
            "claimant": ", ".join(claimant["name"] for claimant in document["claimants"]),
            "claimDate": f"{said_on}T00:00:00Z" if said_on else "",
            "claimReview": [_given(review)],
        }
    )


def markup_page(document: dict[str, Any], *, version: int, site_name: str, site_url: str) -> dict[str, Any]:
    """Describe the page of a published claim as `pages.get` answers it."""
    review = claim_review(document, site_name=site_name, site_url=site_url)
    said, rating = review["itemReviewed"], review["reviewRating"]
    first, *others = _appearances(document) or [""]
    figures = {name: rating.get(name, 0) for name in ("ratingValue", "worstRating", "bestRating")}
    markup = {
        "url": review["url"],
        "claimReviewed": review["claimReviewed"],
        "claimDate": said.get("datePublished", ""),
        "claimAuthor": _author(document),
        "claimFirstAppearance": first,
        "claimAppearances": others,
        "rating": _given(
            {
                "textualRating": rating["alternateName"],
                "ratingExplanation": rating["ratingExplanation"],
                **figures,
            }
        ),
    }
    return {
        "name": f"pages/{document['id']}",
        "pageUrl": document["url"],
        "publishDate": document["first_published_at"][:10],
        "claimReviewAuthor": {"name": site_name},
        "claimReviewMarkups": [_given(markup)],
        "versionId": str(version),
    }


def _author(document: dict[str, Any]) -> dict[str, str]:
    """Describe who said it; several share one name there, and then none of their addresses is given."""
    claimants = document["claimants"]
    same_as = safe_href(claimants[0]["same_as"]) if len(claimants) == 1 else ""
    return _given({"name": ", ".join(claimant["name"] for claimant in claimants), "sameAs": same_as})


def _appearances(document: dict[str, Any]) -> list[str]:
    """Return where it was said, each place once, the earliest first and those without a date last."""
    said = sorted(document["appearances"], key=lambda item: item["said_on"] or "9999")
    return list(dict.fromkeys(filter(None, (safe_href(item["source"]["url"]) for item in said))))


def _given(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}
