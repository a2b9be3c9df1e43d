"""From claims in the database to what the match index keeps of them: as the desk has them, as the public does."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Prefetch

from claims.formats.document import number
from claims.matching import Entry
from claims.matching.analysis import figure_key
from claims.matching.entries import TEXT_LIMIT, TEXTS_LIMIT
from claims.models import Appearance, Claim, Evidence, PublicDocument, Verdict
from sources.models import Snapshot

CONTEXT_LIMIT = 500


def desk_entries(ids: Iterable[int]) -> list[Entry]:
    """Return the entries of these claims as the desk has them; a merged one stands among its target's wordings."""
    sources = Snapshot.objects.select_related("source__publisher").only(
        "source__title", "source__url", "source__publisher__name"
    )
    said = Appearance.objects.select_related("claimant").only("claim", "snapshot", "quote", "claimant__name")
    held = Evidence.objects.only("claim", "snapshot")
    rows = Claim.objects.filter(pk__in=list(ids)).exclude(workflow=Claim.Workflow.MERGED)
    rows = rows.prefetch_related(
        "claimants",
        "topics",
        "figures",
        Prefetch("verdicts", Verdict.objects.select_related("rating")),
        Prefetch("appearances", said.prefetch_related(Prefetch("snapshot", sources))),
        Prefetch("evidence", held.prefetch_related(Prefetch("snapshot", sources))),
        Prefetch("merged", Claim.objects.only("text", "merged_into")),
    )
    return [_desk_entry(claim) for claim in rows.order_by("pk")]


def _desk_entry(claim: Claim) -> Entry:
    appearances: list[Any] = list(claim.appearances.all())
    evidence: list[Any] = list(claim.evidence.all())
    verdict = next((one for one in claim.verdicts.all() if one.round == claim.review_round), None)
    sources = {one.snapshot.source_id: one.snapshot.source for one in (*appearances, *evidence)}
    claimants = list(claim.claimants.all())
    figures = [(figure.low, figure.high, figure.whole) for figure in claim.figures.all()]
    names = [one.name for one in claimants] + [one.claimant.name for one in appearances if one.claimant]
    texts = [
        claim.text,
        *(one.text for one in claim.merged.all()),
        *(one.quote for one in appearances),
        verdict.finding if verdict else "",
    ]
    return _entry(
        claim,
        texts=texts,
        names=names,
        topics=[(topic.name, topic.slug) for topic in claim.topics.all()],
        periods=[part for figure in claim.figures.all() for part in (figure.period, figure.place)],
        context=claim.context,
        language=claim.language,
        figures=[number(end) for ends in figures for end in ends if end is not None],
        labels={
            "claimant": [one.slug for one in claimants],
            "verdict": [verdict.rating.slug] if verdict else [],
            "workflow": [claim.workflow],
            "citability": [claim.citability],
            "source": [str(pk) for pk in sources],
        },
        sources=[
            (one.title, one.url, one.publisher.name if one.publisher else "") for one in sources.values()
        ],
        changed=int(claim.updated_at.timestamp()),
    )  # fmt: skip


def public_entries(ids: Iterable[int]) -> list[Entry]:
    """Return the entries of those of these claims that are published, by what was published and nothing else."""
    rows = PublicDocument.objects.filter(claim__in=list(ids), status=200, claim__citability__in=Claim.PUBLIC)
    return [
        _public_entry(row.claim, json.loads(row.body), int(row.updated_at.timestamp()))
        for row in rows.select_related("claim").order_by("claim")
    ]


def _public_entry(claim: Claim, body: dict[str, Any], changed: int) -> Entry:
    appearances = body.get("appearances", [])
    sources = {one["source"]["id"]: one["source"] for one in (*appearances, *body.get("evidence", []))}
    figures = body.get("figures", [])
    verdict = body.get("verdict", {})
    return _entry(
        claim,
        texts=[body["text"], *(one["quote"] for one in appearances), verdict.get("finding", "")],
        names=[one["name"] for one in body.get("claimants", [])] + [one.get("claimant", "") for one in appearances],
        topics=[(topic["name"], topic["slug"]) for topic in body.get("topics", [])],
        periods=[part for figure in figures for part in (figure.get("period", ""), figure.get("place", ""))],
        context=body.get("context", ""),
        language=body.get("language", "en"),
        figures=[end for figure in figures for end in (figure.get("low"), figure.get("high"), figure.get("whole"))],
        labels={
            "claimant": [one["slug"] for one in body.get("claimants", [])],
            "verdict": [verdict["rating"]] if verdict.get("rating") else [],
            "citability": [claim.citability],
            "source": [str(pk) for pk in sources],
        },
        sources=[(one.get("title"), one.get("url"), one.get("publisher")) for one in sources.values()],
        changed=changed,
    )


def _entry(
    claim: Claim,
    *,
    texts: Iterable[str],
    names: Iterable[str],
    topics: list[tuple[str, str]],
    periods: Iterable[str],
    context: str,
    language: str,
    figures: Iterable[float | int | None],
    labels: dict[str, list[str]],
    sources: Iterable[tuple[str | None, str | None, str | None]],
    changed: int,
) -> Entry:
    wordings = dict.fromkeys(" ".join(text[:TEXT_LIMIT].split()) for text in texts)
    claimants = tuple(dict.fromkeys(name for name in names if name))
    known = {
        **labels,
        "superseded": ["1"] if claim.superseded_by_id else [],
        "topic": [slug for _, slug in topics],
        "language": [language],
        "figure": sorted({figure_key(figure) for figure in figures if figure is not None}),
    }
    period = " ".join(dict.fromkeys(part for part in periods if part))
    return Entry(
        str(claim.pk),
        tuple(text for text in wordings if text)[:TEXTS_LIMIT],
        claimant=", ".join(claimants),
        topics=tuple(name for name, _ in topics),
        period=f"{period} {context[:CONTEXT_LIMIT]}".strip(),
        language=language,
        labels={name: tuple(values) for name, values in known.items()},
        names={"claimant_name": claimants, "source_name": tuple(_source_names(sources))},
        changed=changed,
    )


def _source_names(sources: Iterable[tuple[str | None, str | None, str | None]]) -> list[str]:
    found = []
    for title, url, publisher in sources:
        try:
            host = urlsplit(url or "").hostname or ""
        except ValueError:
            host = ""
        found += [part for part in (title, host, publisher) if part]
    return list(dict.fromkeys(found))
