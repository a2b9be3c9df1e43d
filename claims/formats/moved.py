"""A recorded use of a claim beside what the claim says today: what was cited, what moved, what to do."""

import json
from dataclasses import dataclass
from typing import Any

from claims.models import Claim

from .links import safe_href
from .page import claim_card


@dataclass(frozen=True)
class Moved:
    """What became of a cited claim, in one word for a badge and one sentence for a reader."""

    word: str
    sentence: str


def moved_use(use: Any) -> dict[str, Any]:
    """Describe a use; it comes with its publication, the claim and the claim's public document fetched."""
    cited, now = json.loads(use.publication.document), json.loads(use.publication.claim.public_document.body)
    is_withdrawn = now["citability"] == Claim.Citability.WITHDRAWN
    since = [c for c in now["corrections"] if c["version"] > use.publication.number]
    return {
        "use": use,
        "code": now["id"],
        "text": cited["text"],
        "language": cited["language"],
        "cited_label": cited["verdict"]["label"],
        "cited_version": use.publication.number,
        "article": use.article_title or use.article_url,
        "article_href": safe_href(use.article_url),
        "is_withdrawn": is_withdrawn,
        "now": None if is_withdrawn else claim_card(now),
        "since": since,
        "hold": now["hold"],
        "superseded_by": now["superseded_by"],
        "moved": what_moved(now, use.publication.number),
    }


def what_moved(document: dict[str, Any], cited_version: int) -> Moved | None:
    """Say what became of a claim since this version of it was cited; None while it stands as cited."""
    since = [c for c in document["corrections"] if c["version"] > cited_version]
    if document["citability"] == Claim.Citability.WITHDRAWN:
        return Moved("Withdrawn", f"It was withdrawn: {since[0]['reason']}" if since else "It was withdrawn.")
    if document["hold"]:
        return Moved("On hold", f"It is on hold: {document['hold']['reason']}")
    if document["superseded_by"]:
        return Moved("Superseded", f"Claim {document['superseded_by']} takes its place.")
    if since:
        word = {"clarification": "Clarified", "update": "Updated"}.get(since[0]["kind"], "Corrected")
        return Moved(word, f"{word}: {since[0]['reason']}")
    return None
