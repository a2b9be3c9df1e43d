"""The public document of a claim: what was approved, and what it says today."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from claims.models import Appearance, Claim, Correction, Evidence, Figure, Publication, Seal, Verdict
from sources.models import Snapshot
from sources.text import text_fragment


def number(value: Decimal | None) -> int | float | None:
    """Return a decimal as the JSON number people expect: 28, not 28.000000."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def moment(value: datetime | None) -> str | None:
    """Return a time as RFC 3339 in UTC to the second."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def figure_document(figure: Figure) -> dict[str, Any]:
    return {
        "text": figure.text,
        "low": number(figure.low),
        "high": number(figure.high),
        "qualifier": figure.qualifier,
        "unit": figure.unit,
        "whole": number(figure.whole),
        "period": figure.period,
        "place": figure.place,
    }


def source_document(snapshot: Snapshot) -> dict[str, Any]:
    """Describe the source of a snapshot as a citation needs it."""
    source = snapshot.source
    return {
        "id": source.pk,
        "title": source.title or source.url or "Untitled document",
        "url": source.url,
        "publisher": source.publisher.name if source.publisher else "",
        "author": source.author,
        "published_on": day(source.published_on),
        "kind": source.kind,
        "language": source.language,
        "primary": source.is_primary,
        "origin": source.origin_id or source.pk,
    }


def passage_document(passage: Evidence | Appearance) -> dict[str, Any]:
    """Describe a quote by the W3C selectors' members, with the link to its place in the live page or PDF."""
    source, page = source_document(passage.snapshot), passage.snapshot.page_at(passage.start)
    # Browsers find no text fragment in a PDF, and open it at a page by this parameter (RFC 8118, section 3).
    fragment = f"#page={page}" if page else text_fragment(passage.quote, passage.prefix, passage.suffix)
    return {
        "quote": passage.quote,
        "prefix": passage.prefix,
        "suffix": passage.suffix,
        "start": passage.start,
        "end": passage.end,
        "source": source,
        "captured_at": moment(passage.snapshot.fetched_at),
        "text_sha256": passage.snapshot.text_sha256,
        "deep_link": source["url"] + fragment if source["url"] else "",
        "page": page,
    }


def revision_document(
    *,
    claim: Claim,
    verdict: Verdict,
    evidence: Iterable[Evidence],
    appearances: Iterable[Appearance],
) -> dict[str, Any]:
    """Describe the revision that is to be approved: all a reader will be told, and nothing that moves by itself.

    The rows come with their relations fetched. Internal notes, reviews and names of reviewers are not in it.
    """
    return {
        "id": claim.code,
        "text": claim.text,
        "context": claim.context,
        "language": claim.language,
        "claimants": [
            {"name": c.name, "slug": c.slug, "kind": c.kind, "same_as": c.same_as} for c in claim.claimants.all()
        ],
        "topics": [{"name": topic.name, "slug": topic.slug} for topic in claim.topics.all()],
        "figures": [figure_document(figure) for figure in claim.figures.all()],
        "verdict": {
            "rating": verdict.rating.slug,
            "label": verdict.rating.label,
            "meaning": verdict.rating.meaning,
            "value": verdict.rating.claimreview_value,
            "finding": verdict.finding,
            "explanation": verdict.explanation,
            "decided_at": moment(verdict.decided_at),
        },
        "evidence": [
            {"id": item.pk, "stance": item.stance, "note": item.note, **passage_document(item)} for item in evidence
        ],
        "appearances": [
            {
                "claimant": item.claimant.name if item.claimant else "",
                "said_on": day(item.said_on),
                **passage_document(item),
            }
            for item in appearances
        ],
    }


def correction_document(correction: Correction, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Describe a correction with the wording it replaced."""
    return {
        "kind": correction.kind,
        "reason": correction.reason,
        "at": moment(correction.corrected_at),
        "version": correction.publication.number,
        "old": {"text": old["text"], "rating": old["verdict"]["label"], "finding": old["verdict"]["finding"]},
        "new": {"text": new["text"], "rating": new["verdict"]["label"], "finding": new["verdict"]["finding"]},
    }


def public_document(
    *,
    claim: Claim,
    revision: dict[str, Any],
    publication: Publication,
    seal: Seal | None,
    fresh: dict[str, str],
    first_published_at: datetime,
    corrections: list[dict[str, Any]],
    site_url: str,
) -> dict[str, Any]:
    """Say what a claim is today: the newest approved revision with its version, citability, freshness, corrections."""
    hold = {"since": moment(claim.held_at), "reason": claim.hold_reason}
    standing = {
        "url": f"{site_url}/claims/{claim.code}",
        "citability": claim.citability,
        "hold": hold if claim.held_at else None,
        "version": publication.number,
        "published_at": moment(publication.published_at),
        "first_published_at": moment(first_published_at),
        "corrections": corrections,
        "superseded_by": claim.superseded_by.code if claim.superseded_by else None,
        "revision_sha256": publication.revision_sha256,
        "seal_sha256": seal.sha256 if seal else None,
    }
    if claim.citability == Claim.Citability.WITHDRAWN:
        # The tombstone says when and why, and repeats nothing of what was withdrawn.
        dated = [{name: c[name] for name in ("kind", "reason", "at", "version")} for c in corrections]
        return {"id": claim.code, **standing, "corrections": dated}
    return {**revision, **standing, "freshness": fresh}


def brief_document(document: dict[str, Any]) -> dict[str, Any]:
    """Return what a public document or a tombstone says in brief; of a withdrawn claim no rating."""
    return {
        "id": document["id"],
        "url": document["url"],
        "citability": document["citability"],
        "rating": document["verdict"]["rating"] if "verdict" in document else None,
        "version": document["version"],
        "published_at": document["published_at"],
        "hold": document["hold"],
        "superseded_by": document["superseded_by"],
        "freshness": document.get("freshness"),
    }
