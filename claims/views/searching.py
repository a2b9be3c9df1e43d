"""Searching the published claims: by words, narrowed by facets with their counts, as one types or page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims import public_ids
from claims.errors import SearchRefused
from claims.models import Claim, Rating
from claims.queries import QUERY_LIMIT, published_claimants, published_topics
from claims.services.facets import PERIODS, counted_beside, since
from claims.services.searching import Filters, Found, SearchPage, search_claims
from claims.services.standing import last_confirmed
from sources.models import Source

from .reading import cards

PAGE_SIZE = 20
SHOWN_AT_ONCE = 8
_PERIOD_LABELS = {"week": "In the last week", "month": "In the last month", "year": "In the last year"}


@dataclass(frozen=True)
class Asked:
    """What a reader asks for, as it stands in the address; empty members ask for nothing."""

    text: str = ""
    verdict: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    claimant: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    period: str = ""
    only_citable: bool = False
    problems: list[str] = field(default_factory=list)

    def filters(self, now: datetime) -> Filters:
        return Filters(
            verdict=self.verdict,
            topic=self.topic,
            claimant=self.claimant,
            source=tuple(int(number) for number in self.source),
            changed_since=since(self.period, now) if self.period else None,
            only_citable=self.only_citable,
        )

    def query(self) -> str:
        """Return the address's query, without the place in the list."""
        named: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        for name in ("verdict", "topic", "claimant", "source"):
            named += [(name, value) for value in getattr(self, name)]
        named += [("period", self.period)] if self.period else []
        named += [("citable", "1")] if self.only_citable else []
        return urlencode(named)


@dataclass(frozen=True)
class Choice:
    """One value a reader can narrow the list to, and how many of the claims found have it."""

    value: str
    label: str
    count: int | None
    is_chosen: bool


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """Search the published claims; an id that is typed into the search box leads to its claim."""
    public_id = public_ids.read(" ".join(request.GET.get("q", "").split()))
    if public_id and Claim.objects.published().filter(public_id=public_id).exists():
        found_at = reverse("claim", args=[public_ids.written(public_id)])
        if request.headers.get("HX-Request"):  # a script that types ahead goes nowhere; the reader is offered the way
            return HttpResponse(headers={"HX-Redirect": found_at})
        return redirect(found_at)
    now = timezone.now()
    asked = _read(request.GET)
    page, refused = _searched(asked, request.GET.get("after", ""), now)
    problems = [*asked.problems, *([refused] if refused else [])]
    context = {
        "asked": asked,
        "query": asked.query(),
        "problems": problems,
        "notes": _notes(page),
        "total": page.total,
        "claims": _cards(page.found),
        "facets": _facets(asked, page, now),
        "next": _address(asked, page.next_cursor) if page.next_cursor else "",
        "is_first": "after" not in request.GET or bool(refused),
        "first": f"?{asked.query()}",
    }
    return render(request, "claims/list.html", context, status=400 if problems and not _is_only_long(asked) else 200)


def _searched(asked: Asked, cursor: str, now: datetime) -> tuple[SearchPage, str]:
    more: dict[str, Any] = {"visible_to": AnonymousUser(), "now": now, "size": PAGE_SIZE}
    try:
        return search_claims(asked.text, asked.filters(now), cursor=cursor or None, **more), ""
    except SearchRefused as refusal:
        return search_claims(asked.text, asked.filters(now), **more), str(refusal)


def _read(given: Mapping[str, Any]) -> Asked:
    text = " ".join(given.get("q", "").replace("\x00", "").split())
    problems = []
    if len(text) > QUERY_LIMIT:
        problems.append(f"Only the first {QUERY_LIMIT} characters are searched for.")
        text = text[:QUERY_LIMIT].strip()
    kept: dict[str, tuple[str, ...]] = {}
    for name in ("verdict", "topic", "claimant", "source"):
        values = tuple(dict.fromkeys(value for value in given.getlist(name) if value))  # type: ignore[attr-defined]
        kept[name] = tuple(value for value in values if value in _known(name, values)) if values else ()
        if len(kept[name]) < len(values):
            problems.append(f"There is no such {name}; that filter is left out.")
    period = given.get("period", "")
    if period and period not in PERIODS:
        problems.append("There is no such period; that filter is left out.")
        period = ""
    only_citable = given.get("citable", "") in ("1", "on", "true")
    return Asked(text=text, period=period, only_citable=only_citable, problems=problems, **kept)


def _known(name: str, values: tuple[str, ...]) -> set[str]:
    """Return those of the values that are there for readers."""
    values = tuple(value for value in values[:50] if "\x00" not in value)
    if name == "source":
        numbers = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
        return {str(pk) for pk in Source.objects.filter(pk__in=numbers).values_list("pk", flat=True)}
    rows: Any = {
        "verdict": Rating.objects.all(),
        "topic": published_topics(),
        "claimant": published_claimants(),
    }[name]
    return set(rows.filter(slug__in=values).values_list("slug", flat=True))


def _is_only_long(asked: Asked) -> bool:
    return bool(asked.problems) and all(problem.startswith("Only the first") for problem in asked.problems)


def _notes(page: SearchPage) -> list[str]:
    """Say what the search did that a reader would not expect."""
    notes = []
    if page.is_relaxed:
        notes.append("No claim has every one of these words; these have most of them.")
    if page.guessed:
        words = ", ".join(f"“{word}”" for word in page.guessed)
        notes.append(f"No claim has {words}; near spellings were looked for.")
    if page.standing.sentence:
        notes.append(page.standing.sentence)
    return notes


def _cards(found: list[Found]) -> list[dict[str, Any]]:
    confirmed = last_confirmed([item.claim.pk for item in found])
    described = []
    for item, card in zip(found, cards([item.claim for item in found]), strict=True):
        pieces = {
            "text_pieces": _pieces(card["text"], item.text_spans),
            "finding_pieces": _pieces(card["finding"], item.finding_spans),
        }
        described.append({**card, **pieces, "confirmed_at": None if card["hold"] else confirmed.get(item.claim.pk)})
    return described


def _pieces(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, each marked or not."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def _facets(asked: Asked, page: SearchPage, now: datetime) -> list[dict[str, Any]]:
    beside = counted_beside(asked.text, asked.filters(now), now=now)
    sources = [(str(pk), title, number) for pk, title, number in beside.sources]
    facets = [
        _facet(
            "verdict", "Verdict", [(c.value, c.label, c.count) for c in page.facets.get("verdict", [])], asked.verdict
        ),
        _facet("topic", "Topic", _counts(page, "topic"), asked.topic),
        _facet(
            "claimant",
            "Claimant",
            [(c.value, c.label, c.count) for c in page.facets.get("claimant", [])],
            asked.claimant,
        ),
        _facet("source", "Source", sources, asked.source),
    ]
    periods = [Choice(name, _PERIOD_LABELS[name], beside.periods[name], asked.period == name) for name in PERIODS]
    anytime = Choice("", "At any time", None, not asked.period)
    facets.append(
        {"name": "period", "label": "Last changed", "shown": [anytime, *periods], "more": [], "is_one": True}
    )
    citable = Choice("1", "Citable only: not on hold, not replaced", beside.citable, asked.only_citable)
    facets.append({"name": "citable", "label": "State", "shown": [citable], "more": [], "is_one": False})
    return facets


def _counts(page: SearchPage, name: str) -> list[tuple[str, str, int]]:
    return [(count.value, count.label, count.count) for count in page.facets.get(name, [])]


def _facet(name: str, label: str, counts: list[tuple[str, str, int]], chosen: tuple[str, ...]) -> dict[str, Any]:
    """Return one facet: what is chosen and most common at once, the rest to be opened."""
    choices = [Choice(value, said, number, value in chosen) for value, said, number in counts]
    missing = [value for value in chosen if value not in {choice.value for choice in choices}]
    choices += [Choice(value, value, 0, True) for value in missing]
    choices.sort(key=lambda choice: not choice.is_chosen)
    shown, more = choices[:SHOWN_AT_ONCE], choices[SHOWN_AT_ONCE:]
    return {"name": name, "label": label, "shown": shown, "more": more, "is_one": False}


def _address(asked: Asked, cursor: str) -> str:
    query = asked.query()
    return f"?{query}{'&' if query else ''}{urlencode({'after': cursor})}"
