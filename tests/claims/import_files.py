"""Files of claims that come in, and the steps that bring them in, for the tests of imports."""

import json

from claims.models import Import
from claims.services import importing
from tests.factories import NOW

TABLE = b"""text,claimants,topics,context
The list lost 28 of 48 seats.,Ann; Bo,Seats,2005
Ferries carried 412 cars.,Ann,,
"""
REVIEWS = [
    {
        "@type": "ClaimReview",
        "url": f"https://check.example/{number}",
        "claimReviewed": f"The harbour counted {number} arrivals.",
        "author": {"name": "Tidewater Check"},
        "reviewRating": {"alternateName": "False", "ratingValue": 1, "bestRating": 5, "worstRating": 1},
        "itemReviewed": {"author": {"name": "Ann"}, "appearance": ["https://news.example/a"]},
    }
    for number in range(1, 6)
]


def clock():
    return NOW


def begin(content: bytes, by, **more) -> Import:
    looked = importing.look_through_upload(content=content, by=by)
    return importing.start_upload(content=content, looked=looked, name="claims.csv", by=by, now=NOW, **more)


def bring_in(content: bytes, by) -> Import:
    run = begin(content, by)
    importing.confirm_import(import_id=run.pk, by=by, now=NOW)
    importing.run_imports(clock=clock)
    run.refresh_from_db()
    return run


def feed(*items) -> bytes:
    return json.dumps({"@type": "DataFeed", "dataFeedElement": [{"item": item} for item in items]}).encode()


def told(run):
    return [(one.place, one.column, one.code, one.is_note) for one in run.problems.all()]
