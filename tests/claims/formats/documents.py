"""A public document as publishing writes it, for the pure formats."""

from typing import Any


def passage(**given: Any) -> dict[str, Any]:
    source = {
        "id": 1,
        "title": "Harbour report",
        "url": "https://tidewater.example/reports/1",
        "publisher": "The Tidewater Post",
        "author": "",
        "published_on": None,
        "kind": "article",
        "language": "en",
        "primary": False,
        "origin": 1,
        **given.pop("source", {}),
    }
    return {
        "quote": "412 arrivals",
        "prefix": "",
        "suffix": "",
        "start": 0,
        "end": 12,
        "source": source,
        "captured_at": "2026-03-01T09:00:00Z",
        "text_sha256": "0" * 64,
        "deep_link": "https://tidewater.example/reports/1#:~:text=412",
        "page": None,
        **given,
    }


def document(**given: Any) -> dict[str, Any]:
    verdict = {
        "rating": "mostly_correct",
        "label": "Mostly correct",
        "meaning": "The claim holds; a detail is off or missing.",
        "value": 4,
        "finding": "The office counted 412.",
        "explanation": "Its return gives the figure.",
        "decided_at": "2026-03-02T08:00:00Z",
        **given.pop("verdict", {}),
    }
    return {
        "id": "7K3M-Q9TX",
        "text": "The harbour counted 412 arrivals.",
        "context": "",
        "language": "en",
        "claimants": [{"name": "Mira Castellan", "slug": "mira-castellan", "kind": "person", "same_as": ""}],
        "topics": [],
        "figures": [],
        "verdict": verdict,
        "evidence": [{"id": 1, "stance": "supports", "note": "", **passage()}],
        "appearances": [{"claimant": "Mira Castellan", "said_on": "2026-02-01", **passage()}],
        "url": "https://desk.example/claims/7K3M-Q9TX",
        "citability": "citable",
        "hold": None,
        "version": 2,
        "published_at": "2026-03-02T09:00:00Z",
        "first_published_at": "2026-02-20T09:00:00Z",
        "corrections": [],
        "superseded_by": None,
        "revision_sha256": "1" * 64,
        "seal_sha256": "2" * 64,
        **given,
    }


HELD = {"citability": "on_hold", "hold": {"since": "2026-03-05T10:00:00Z", "reason": "The report now says 409."}}
