"""Articles as readers see them: the published claims one document makes, in the order of its text."""

import json
from dataclasses import dataclass
from typing import Any

from claims import permissions
from claims.extraction import split_sentences
from claims.models import Appearance, PublicDocument
from sources.models import Source

CLAIMS_SHOWN = 200
SENTENCES_SHOWN = 400


@dataclass(frozen=True)
class ArticleClaim:
    """One published claim and the passage of the article that makes it, as its public document has them."""

    document: dict[str, Any]
    appearance: dict[str, Any]


@dataclass(frozen=True)
class Sentence:
    """A sentence of our capture, and the numbers (from 1) of the listed claims it makes."""

    text: str
    claims: list[int]


@dataclass(frozen=True)
class ArticlePage:
    """What an article claims; `sentences` is None for whoever may not see what we captured."""

    source: dict[str, Any]
    claims: list[ArticleClaim]
    sentences: list[Sentence] | None


def article_page(source_id: int, *, visible_to: Any) -> ArticlePage | None:
    """Return what is published about one document's claims; None where nothing is.

    Everything readers get is out of the public documents, the article's title and words included: what the desk
    captured is somebody else's text, and beside the passages that were quoted only the desk sees it.
    """
    if not 0 < source_id < 2**63:
        return None
    here = Appearance.objects.filter(snapshot__source=source_id).values("claim")
    bodies = PublicDocument.objects.filter(claim__in=here, status=200).order_by("pk").values_list("body", flat=True)
    found = []
    for body in bodies[:CLAIMS_SHOWN]:
        document = json.loads(body)
        said = [item for item in document["appearances"] if item["source"]["id"] == source_id]
        if said:
            found.append(ArticleClaim(document, min(said, key=lambda item: item["start"])))
    if not found:
        return None
    found.sort(key=lambda item: (item.appearance["start"], item.document["id"]))
    newest = max(found, key=lambda item: item.document["published_at"])
    sentences = _sentences(source_id, found) if permissions.can_view_desk(visible_to) else None
    return ArticlePage(newest.appearance["source"], found, sentences)


def sources_of(claims: list[ArticleClaim]) -> list[dict[str, Any]]:
    """Return each source the claims' verdicts rest on once, with the numbers of the claims, for a list to print."""
    listed: dict[int, dict[str, Any]] = {}
    for number, item in enumerate(claims, 1):
        for evidence in item.document["evidence"]:
            source = evidence["source"]
            entry = listed.setdefault(
                source["id"], {"source": source, "captured_at": evidence["captured_at"], "claims": []}
            )
            if number not in entry["claims"]:
                entry["claims"].append(number)
    return list(listed.values())


def _sentences(source_id: int, claims: list[ArticleClaim]) -> list[Sentence]:
    snapshot = Source.objects.get(pk=source_id).snapshots.readable().first()
    if snapshot is None:
        return []
    quotes = [_folded(item.appearance["quote"]) for item in claims]
    sentences = []
    for sentence in split_sentences(snapshot.main_text or snapshot.text)[:SENTENCES_SHOWN]:
        words = _folded(sentence.text)
        made = [number for number, quote in enumerate(quotes, 1) if quote in words or words in quote]
        sentences.append(Sentence(sentence.text, made))
    return sentences


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
