"""A claim's public document prepared for a reader's page: dates read, addresses checked, stances in words.

Nothing is looked up and nothing is decided here that the document does not say.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from claims.freshness import LABELS
from claims.models import Correction, Evidence

from .figures import figure_words
from .links import safe_href

# What a passage keeps of its surroundings at each side, in code points (Passage.prefix and .suffix).
AROUND = 200
_FIRST_BLANK = re.compile(r"\s+")
_LAST_BLANK = re.compile(r"\s+\S*$")
_STANCES = dict(Evidence.Stance.choices)
_KINDS = dict(Correction.Kind.choices)
# Which passage a reader is shown first: one that decides, from a primary source.
_WEIGHT = {"supports": 0, "refutes": 0, "partly_supports": 1, "context": 2, "failed_verification": 3}


def claim_page(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the page of a published claim says."""
    evidence = [_evidence(item, number) for number, item in enumerate(document["evidence"], 1)]
    return {
        **claim_card(document),
        "context": document["context"],
        "figures": [_figure(figure) for figure in document["figures"]],
        "meaning": document["verdict"]["meaning"],
        "explanation": document["verdict"]["explanation"],
        "decided_at": _moment(document["verdict"]["decided_at"]),
        "evidence": evidence,
        "is_one_passage": len(evidence) == 1,
        "best": min(evidence, key=lambda item: (item["weight"], not item["source"]["primary"]), default=None),
        "appearances": [appearance_of(item) for item in document["appearances"]],
        "revision_sha256": document.get("revision_sha256", ""),
        "seal_sha256": document.get("seal_sha256", ""),
    }


def claim_card(document: dict[str, Any]) -> dict[str, Any]:
    """Return what a list says of a published claim, or of one past version of it."""
    verdict, hold = document["verdict"], document.get("hold")
    corrections = corrections_of(document)
    return {
        "code": document["id"],
        "text": document["text"],
        "language": document["language"],
        "claimants": [{**c, "href": safe_href(c["same_as"])} for c in document["claimants"]],
        "topics": document["topics"],
        "rating": verdict["rating"],
        "label": verdict["label"],
        "value": verdict["value"],
        "tone": tone(verdict["value"]),
        "steps": [step == verdict["value"] for step in range(1, 6)] if verdict["value"] is not None else [],
        "finding": verdict["finding"],
        "version": document.get("version"),
        "published_at": _moment(document.get("published_at")),
        "first_published_at": _moment(document.get("first_published_at")),
        "hold": {"since": _moment(hold["since"]), "reason": hold["reason"]} if hold else None,
        "corrections": corrections,
        "freshness": _freshness(document.get("freshness")),
        "is_corrected": document.get("citability") == "corrected",
        "superseded_by": document.get("superseded_by"),
        "passages": len(document["evidence"]),
        "origins": len({item["source"]["origin"] for item in document["evidence"]}),
    }


def corrections_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the corrections of a public document, newest first, with what each of them changed."""
    return [correction_page(correction) for correction in document.get("corrections", [])]


def correction_page(correction: dict[str, Any]) -> dict[str, Any]:
    """Return one correction with only those wordings, old and new, that differ."""
    names = (("text", "Claim"), ("rating", "Verdict"), ("finding", "Finding"))
    old, new = correction["old"], correction["new"]
    changed = [{"name": name, "old": old[key], "new": new[key]} for key, name in names if old[key] != new[key]]
    return {
        "kind": correction["kind"],
        "label": _KINDS.get(correction["kind"], correction["kind"]),
        "reason": correction["reason"],
        "at": _moment(correction["at"]),
        "version": correction["version"],
        "replaced": correction["version"] - 1,
        "changed": changed,
    }


def versions_of(document: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Yield the claim's publications, newest first: each but the first came with a correction."""
    for correction in corrections_of(document):
        yield {key: correction[key] for key in ("version", "at", "label", "reason")}
    first = _moment(document["first_published_at"])
    yield {"version": 1, "at": first, "label": "First published", "reason": ""}


def tone(value: int | None) -> str:
    """Return the class a verdict is coloured by: from low to high on the scale, or open for one beside it."""
    if value is None:
        return "open"
    return {1: "low", 2: "low-mid", 3: "mid", 4: "high-mid", 5: "high"}[value]


def _freshness(fresh: dict[str, str] | None) -> dict[str, str] | None:
    return {**fresh, "label": LABELS[fresh["word"]]} if fresh else None


def _evidence(item: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        **_passage(item),
        "id": item["id"],
        "number": number,
        "stance": item["stance"],
        "stance_label": _STANCES.get(item["stance"], item["stance"]),
        "note": item["note"],
        "weight": _WEIGHT.get(item["stance"], 3),
    }


def appearance_of(item: dict[str, Any]) -> dict[str, Any]:
    """Return what a page says of one place where the claim was made."""
    return {**_passage(item), "claimant": item["claimant"], "said_on": _moment(item["said_on"])}


def _before(text: str) -> tuple[str, bool]:
    """Return what stands before a quote from its first whole word on, and whether more stands before that."""
    if len(text) < AROUND:  # the document begins there
        return text.lstrip(), False
    cut = _FIRST_BLANK.search(text)
    return (text[cut.end() :] if cut else text), True


def _after(text: str) -> tuple[str, bool]:
    """Return what stands after a quote up to its last whole word, and whether more stands after that."""
    if len(text) < AROUND:
        return text.rstrip(), False
    cut = _LAST_BLANK.search(text)
    return (text[: cut.start()] if cut else text), True


def _passage(item: dict[str, Any]) -> dict[str, Any]:
    source = item["source"]
    prefix, is_cut_before = _before(item["prefix"])
    suffix, is_cut_after = _after(item["suffix"])
    return {
        "quote": item["quote"],
        "prefix": prefix,
        "suffix": suffix,
        "is_cut_before": is_cut_before,
        "is_cut_after": is_cut_after,
        "captured_at": _moment(item["captured_at"]),
        "text_sha256": item["text_sha256"],
        "page": item["page"],
        "href": safe_href(item["deep_link"]),
        "source": source_of(source),
    }


def source_of(source: dict[str, Any]) -> dict[str, Any]:
    """Return what a page says of a source."""
    return {
        **source,
        "href": safe_href(source["url"]),
        "published_on": _moment(source["published_on"]),
        "kind_label": source["kind"].replace("_", " "),
    }


def _figure(figure: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": figure["text"],
        "reading": figure_words(figure),
        "where": ", ".join(part for part in (figure["period"], figure["place"]) if part),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
