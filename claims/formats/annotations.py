"""A published claim's evidence as W3C Web Annotations (https://www.w3.org/TR/annotation-model/)."""

from typing import Any

from .selectors import Selected, to_selectors

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


def annotation(document: dict[str, Any], item: dict[str, Any], *, site_url: str) -> dict[str, Any]:
    """Return one passage of evidence of a public document as an annotation.

    Offsets count code points of the capture's visible text, not of the live page, which the fragment finds.
    """
    source = item["source"]
    selected = Selected(item["quote"], item["prefix"], item["suffix"], item["start"], item["end"])
    target: dict[str, Any] = {
        "source": source["url"] or f"{site_url}/api/v1/sources/{source['id']}",
        "selector": to_selectors(selected),
        "state": {"type": "TimeState", "sourceDate": item["captured_at"]},
    }
    body: list[dict[str, Any]] = [
        {"source": document["url"], "purpose": "linking"},
        {"type": "TextualBody", "value": item["stance"], "format": "text/plain", "purpose": "tagging"},
    ]
    if item["note"]:
        note = {"type": "TextualBody", "value": item["note"], "format": "text/plain", "purpose": "commenting"}
        body.append(note)
    return {
        "@context": CONTEXT,
        "id": f"{address(document, site_url)}/{item['id']}",
        "type": "Annotation",
        "motivation": "linking",
        "created": document["published_at"],
        "body": body,
        "target": target,
    }


def annotations(document: dict[str, Any], *, site_url: str) -> dict[str, Any]:
    """Return all evidence of a public document as one page of an annotation collection."""
    items = [annotation(document, item, site_url=site_url) for item in document["evidence"]]
    for item in items:
        del item["@context"]
    here = address(document, site_url)
    return {
        "@context": CONTEXT,
        "id": here,
        "type": "AnnotationPage",
        "partOf": {
            "id": f"{here}#all",
            "type": "AnnotationCollection",
            "label": f"Evidence on: {document['text']}",
            "total": len(items),
        },
        "startIndex": 0,
        "items": items,
    }


def address(document: dict[str, Any], site_url: str) -> str:
    return f"{site_url}/api/v1/claims/{document['id']}/annotations"
