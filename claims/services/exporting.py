"""Exports: the desk's claims as CSV or JSON Lines, read a few hundred at a time, so that any number costs the same."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet

from claims.importing.columns import COLUMNS, JSON_ALONE, REVIEW_COLUMNS
from claims.importing.tables import TableWriter, joined
from claims.models import Appearance, Claim, ImportedClaim

CSV, LINES = "csv", "jsonl"
READ_AT_ONCE = 300  # claims
STATE = ("workflow", "citability", "version", "created_at", "updated_at")


@dataclass(frozen=True)
class Wanted:
    """Which claims to export; empty members ask for nothing."""

    workflow: str = ""
    citability: str = ""
    topic: int | None = None
    claimant: int | None = None
    language: str = ""
    changed_since: date | None = None
    run: int | None = None  # an import


def wanted_claims(wanted: Wanted, *, by: User) -> QuerySet[Claim]:
    """Return the claims that fit, of those this person may see."""
    claims = Claim.objects.visible_to(by)
    for name in ("workflow", "citability", "language"):
        if value := getattr(wanted, name):
            claims = claims.filter(**{name: value})
    if wanted.topic:
        claims = claims.filter(topics=wanted.topic)
    if wanted.claimant:
        claims = claims.filter(claimants=wanted.claimant)
    if wanted.changed_since:
        claims = claims.filter(updated_at__date__gte=wanted.changed_since)
    if wanted.run:
        claims = claims.filter(imported__run=wanted.run)
    return claims


def exported(claims: QuerySet[Claim], file_format: str, *, with_state: bool = False) -> Iterator[str]:
    """Yield the text of an export, a block at a time.

    What it holds comes in again by an import. `with_state` adds columns of the desk's state, which no import takes.
    """
    more = STATE if with_state else ()
    write: Callable[[Claim], str]
    if file_format == CSV:
        table = TableWriter([*(name for name in COLUMNS if name not in JSON_ALONE), *more])
        yield "\ufeff" + table.header()  # without the mark a spreadsheet takes UTF-8 for something else

        def write(claim: Claim) -> str:
            return table.row(_cells(claim) | _state(claim, more))
    else:

        def write(claim: Claim) -> str:
            return json.dumps(_members(claim) | _state(claim, more), ensure_ascii=False) + "\n"

    for batch in _batches(claims):
        yield "".join(map(write, batch))


def _batches(claims: QuerySet[Claim]) -> Iterator[list[Claim]]:
    said = Appearance.objects.select_related("snapshot__source").only(
        "claim_id", "quote", "said_on", "snapshot__source__url", "snapshot__source__title"
    )
    rows = (
        claims.order_by("pk")
        .select_related("public_document")
        .prefetch_related("claimants", "topics", "figures", Prefetch("appearances", said), "imported")
    )
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:READ_AT_ONCE]):
        yield batch
        last = batch[-1].pk


def _state(claim: Claim, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(claim, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def _plain(claim: Claim) -> dict[str, Any]:
    """Return the cells that read alike in both formats."""
    return {
        "id": claim.code,
        "text": claim.text,
        "context": claim.context,
        "language": claim.language,
        "priority": claim.priority,
        "review_by": claim.review_by.isoformat() if claim.review_by else "",
        **_review(claim),
    }


def _cells(claim: Claim) -> dict[str, Any]:
    said = _said(claim)
    days = sorted(one["said_on"] for one in said if one.get("said_on"))
    return _plain(claim) | {
        "claimants": joined(claimant.name for claimant in claim.claimants.all()),
        "topics": joined(topic.name for topic in claim.topics.all()),
        "said_on": days[0] if days else "",
        "said_at": joined(dict.fromkeys(one["url"] for one in said if one.get("url"))),
    }


def _members(claim: Claim) -> dict[str, Any]:
    figures = [
        {
            "text": figure.text,
            **{name: _number(getattr(figure, name)) for name in ("low", "high", "whole")},
            **{name: getattr(figure, name) for name in ("qualifier", "unit", "period", "place")},
        }
        for figure in claim.figures.all()
    ]
    claimants = [{"name": one.name, "kind": one.kind, "same_as": one.same_as} for one in claim.claimants.all()]
    members = _plain(claim) | {
        "claimants": [_filled(one) for one in claimants],
        "topics": [topic.name for topic in claim.topics.all()],
        "appearances": _said(claim),
    }
    return _filled(members) | {"figures": [_filled(one) for one in figures]}


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in ("", None, [])}


def _number(value: Any) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _imported(claim: Claim) -> ImportedClaim | None:
    return getattr(claim, "imported", None)


def _said(claim: Claim) -> list[dict[str, str]]:
    """Return where and when it was said; of what was uploaded by hand there is no address to give."""
    found = [
        _filled(
            {
                "url": one.snapshot.source.url,
                "said_on": one.said_on.isoformat() if one.said_on else "",
                "title": one.snapshot.source.title,
                "quote": one.quote,
            }
        )
        for one in claim.appearances.all()
        if one.snapshot.source.url
    ]
    imported = _imported(claim)
    return [*found, *(imported.said if imported else [])]


def _review(claim: Claim) -> dict[str, Any]:
    """Return whose verdict there is: ours if we published one, else the one it came in with."""
    document = getattr(claim, "public_document", None)
    verdict = None
    if document is not None and claim.is_public:
        body = json.loads(document.body)
        verdict = body.get("verdict")
    if verdict:
        value = verdict.get("value")
        review = {
            "url": body["url"],
            "publisher": settings.SITE_NAME,
            "rating": verdict["label"],
            "value": value,
            "best": 5 if value is not None else None,
            "worst": 1 if value is not None else None,
            "date": body["first_published_at"][:10],
        }
    else:
        imported = _imported(claim)
        review = imported.review if imported else {}
    return {name: review.get(name.removeprefix("review_"), "") for name in REVIEW_COLUMNS}
