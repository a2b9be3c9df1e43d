"""Searching: claims by words, "phrases", -exclusions and field:value, with counts, highlights and stable pages."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from claims import permissions
from claims.errors import SearchRefused
from claims.matching import MatchIndex
from claims.matching.index import COUNTED
from claims.matching.queries import Query, read_query
from claims.matching.searching import WINDOW, Hit, Hits, Kept, Search, Terms, highlights
from claims.models import Claim, Claimant, Rating, Topic

from .match_index import Condition, Standing
from .matching import Told, claims_in_full, told, usable_index

PAGE_LIMIT = 200
DESK_ONLY = ("workflow",)


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to beside its words; several values of one member are alternatives."""

    verdict: tuple[str, ...] = ()
    citability: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()  # slugs
    claimant: tuple[str, ...] = ()  # slugs
    language: tuple[str, ...] = ()
    workflow: tuple[str, ...] = ()  # the desk only
    source: tuple[int, ...] = ()
    figure: tuple[str, ...] = ()
    changed_since: datetime | None = None
    only_citable: bool = False

    def kept(self) -> Kept:
        names = ("verdict", "citability", "topic", "claimant", "language", "workflow", "source", "figure")
        labels: dict[str, tuple[str, ...]] = {
            name: tuple(map(str, values)) for name in names if (values := getattr(self, name))
        }
        excluded: dict[str, tuple[str, ...]] = {}
        if self.only_citable:
            excluded = {"citability": (Claim.Citability.ON_HOLD.value,), "superseded": ("1",)}
        since = None if self.changed_since is None else int(self.changed_since.timestamp())
        return Kept(labels, excluded, changed_from=since)


@dataclass(frozen=True)
class Found:
    """A claim that was found, what this person may read of it, and where in that the words stand, in code points."""

    claim: Claim
    score: float
    told: Told
    text_spans: list[tuple[int, int]] = field(default_factory=list)
    finding_spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Count:
    """How many claims have a value, and how it is called."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class SearchPage:
    """One page of what was found, best first.

    `is_relaxed`: no claim has every word, and these have most. `guessed` are words that no claim has and that were
    looked for by their near spellings. `standing` says how the index stands. `next_cursor` is None on the last page.
    """

    found: list[Found]
    total: int
    query: Query
    facets: dict[str, list[Count]]
    next_cursor: str | None
    standing: Standing
    is_relaxed: bool = False
    guessed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def search_claims(
    query: str,
    filters: Filters | None = None,
    *,
    visible_to: Any,
    now: datetime,
    size: int = 20,
    cursor: str | None = None,
    newest_first: bool = False,
    facets: Iterable[str] = COUNTED,
) -> SearchPage:
    """Return one page of the claims that fit and that this person may see.

    The desk searches all claims as they stand, everybody else what is published, by what was published; fields of
    the desk's work are left out for them and named in `unread`. Best first, or the newest change first where no word
    is asked for; a page goes on after the last claim of the one before, whatever was saved in between. Raises
    SearchRefused for a cursor that is none, and nothing for a query: it is read as far as it can be.
    """
    asked = read_query(query)
    narrowed = filters or Filters()
    is_desk = permissions.can_view_desk(visible_to)
    unread = () if is_desk else tuple(sorted({one.name for one in asked.fields if one.name in DESK_ONLY}))
    if unread:
        asked = Query(asked.wanted, asked.unwanted, tuple(f for f in asked.fields if f.name not in unread))
    index, standing = usable_index(text=query, visible_to=visible_to, now=now)
    kept = narrowed.kept()
    if not is_desk:
        kept = Kept({n: v for n, v in kept.labels.items() if n not in DESK_ONLY}, kept.excluded, kept.changed_from)
        facets = [name for name in facets if name not in DESK_ONLY]
    size = max(1, min(size, PAGE_LIMIT))
    in_time = newest_first or not asked.wanted
    after = _read_cursor(cursor) if cursor else None
    if after and in_time:
        kept = Kept(kept.labels, kept.excluded, kept.changed_from, int(after.key))
    hits = Search(index, asked, kept).run(newest_first=newest_first, counted=facets)
    rest = _after(hits.hits, after)
    page = rest[:size]
    found = _found(page, index=index, terms=hits.terms, visible_to=visible_to, is_desk=is_desk)
    more = len(rest) > size or (in_time and hits.total > WINDOW and bool(page))
    return SearchPage(
        found=found,
        total=hits.total,
        query=asked,
        facets=_facets(hits, asked, narrowed),
        next_cursor=_write_cursor(page[-1]) if more and page else None,
        standing=standing,
        is_relaxed=hits.is_relaxed,
        guessed=tuple(sorted(hits.terms.guessed)),
        unread=unread,
    )


def ranked_hits(query: str, filters: Filters | None = None, *, visible_to: Any, now: datetime) -> list[Hit]:
    """Return the numbers of the best thousand claims that fit, best first; who may see them the caller asks again."""
    index, _ = usable_index(text=query, visible_to=visible_to, now=now)
    asked, kept = read_query(query), (filters or Filters()).kept()
    if not permissions.can_view_desk(visible_to):
        asked = Query(asked.wanted, asked.unwanted, tuple(f for f in asked.fields if f.name not in DESK_ONLY))
        kept = Kept({n: v for n, v in kept.labels.items() if n not in DESK_ONLY}, kept.excluded, kept.changed_from)
    return Search(index, asked, kept).run(counted=()).hits


def page_of(hits: list[Hit], *, size: int, cursor: str | None) -> tuple[list[Hit], str | None]:
    """Return one page of ranked hits and the cursor of the next, or None at the end; or raise SearchRefused."""
    rest = _after(hits, _read_cursor(cursor) if cursor else None)
    return rest[:size], _write_cursor(rest[size - 1]) if len(rest) > size else None


def _after(hits: list[Hit], last: Hit | None) -> list[Hit]:
    """Return what comes after the last claim of the page before: by its place, or where it is gone by its key."""
    if last is None:
        return hits
    place = next((at for at, hit in enumerate(hits) if hit.number == last.number), None)
    if place is not None:
        return hits[place + 1 :]
    return [hit for hit in hits if (-hit.key, -hit.number) > (-last.key, -last.number)]


def _write_cursor(hit: Hit) -> str:
    return base64.urlsafe_b64encode(json.dumps([hit.number, hit.key]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> Hit:
    try:
        number, key = json.loads(base64.urlsafe_b64decode(cursor[:200].encode() + b"=="))
        if type(number) is int and type(key) in (int, float) and abs(key) < 2**53:
            return Hit(number, float(key))
    except (ValueError, TypeError, RecursionError):
        pass
    raise SearchRefused("This page of the search is not there; begin with the first.", field="cursor")


def _found(page: list[Hit], *, index: MatchIndex, terms: Terms, visible_to: Any, is_desk: bool) -> list[Found]:
    rows = claims_in_full(Claim.objects.visible_to(visible_to)).filter(pk__in=[hit.number for hit in page])
    claims = {claim.pk: claim for claim in rows}
    found = []
    for hit in page:
        claim = claims.get(hit.number)
        if claim is not None:
            said = told(claim, is_desk=is_desk)
            spans = highlights(said.text, terms, index), highlights(said.finding, terms, index)
            found.append(Found(claim, hit.key, said, *spans))
    return found


def _facets(hits: Hits, asked: Query, filters: Filters) -> dict[str, list[Count]]:
    named = {
        "verdict": lambda values: Rating.objects.filter(slug__in=values).values_list("slug", "label"),
        "topic": lambda values: Topic.objects.filter(slug__in=values).values_list("slug", "name"),
        "claimant": lambda values: Claimant.objects.filter(slug__in=values).values_list("slug", "name"),
        "citability": lambda values: Claim.Citability.choices,
        "workflow": lambda values: Claim.Workflow.choices,
    }
    facets = {}
    for name, counts in hits.counts.items():
        values = [value for value, _ in counts]
        labels = dict(named[name](values)) if name in named and values else {}
        chosen = {value.value.lower() for value in asked.fields if value.name == name and not value.is_excluded}
        chosen |= set(getattr(filters, name, ()))
        facets[name] = [
            Count(value, str(labels.get(value, value)), count, is_chosen=value in chosen) for value, count in counts
        ]
    return facets


__all__ = ["Condition", "Count", "Filters", "Found", "SearchPage", "page_of", "ranked_hits", "search_claims"]
