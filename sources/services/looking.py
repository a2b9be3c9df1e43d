"""Looking at addresses now, because a person at a terminal waits: shown only, or registered and recorded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.conf import settings

from sources.addresses import AddressRefused, canonical_address, parse_address
from sources.batches import look_at_many
from sources.looks import FetchPolicy, FetchRequest, FetchResult
from sources.models import Source, SourceCheck
from sources.outcomes import Outcome, first_link_state, link_state
from sources.page_class import PageKind, classify_page
from sources.parsing import ParseRefused, parse_document

from .checks import Clock, check_sources
from .snapshots import text_sha256
from .sources import register_source


@dataclass(frozen=True)
class Seen:
    """What one look at one address brought. `outcome` is None where somebody else's look is under way."""

    url: str
    outcome: str | None
    http_status: int | None = None
    final_url: str = ""
    link_state: str | None = None
    page_class: str | None = None
    bytes: int = 0
    seconds: float = 0.0
    text_sha256: str | None = None
    reason: str = ""


Tell = Callable[[int, Seen], None]


def look_at(urls: Sequence[str], *, policy: FetchPolicy, tell: Tell) -> None:
    """Look at addresses many at once and tell of each, by its place, as a first look; nothing is stored.

    Needs no database. `tell` is called as results come, never twice at once.
    """
    places = _places(urls, policy, tell)
    wanted = list(places)

    def read(_: int, result: FetchResult) -> Seen:
        return _first_look(result)

    for arrived in look_at_many([FetchRequest(url) for url in wanted], policy, read):
        for number, seen in arrived:
            for place in places[wanted[number]]:
                tell(place, replace(seen, url=urls[place]))


def check_at(urls: Sequence[str], *, policy: FetchPolicy, clock: Clock, tell: Tell) -> None:
    """Register what is at these addresses, look at it now and record each check; tell of each by its place."""
    places = _places(urls, policy, tell)
    for batch in _batches(places):
        sources: dict[int, str] = {}
        for url in batch:
            source, _ = register_source(url=url, by=None, now=clock())
            sources[source.pk] = url
        made = check_sources(source_ids=sources, clock=clock, due_only=False)
        checks = {check.source_id: check for check in made}
        for source_id, url in sources.items():
            if source_id not in checks:
                _tell_busy(places[url], urls, tell)
                continue
            for place in places[url]:
                tell(place, replace(_recorded(checks[source_id]), url=urls[place]))


def _places(urls: Sequence[str], policy: FetchPolicy, tell: Tell) -> dict[str, list[int]]:
    """The addresses to look at, each once, with where they stand; what is refused is told of at once."""
    places: dict[str, list[int]] = {}
    allowed = {"allowed_origin": policy.allowed_origin, "ports": policy.ports}
    for place, url in enumerate(urls):
        try:
            parse_address(url, **allowed)  # type: ignore[arg-type]
            places.setdefault(canonical_address(url, **allowed), []).append(place)  # type: ignore[arg-type]
        except AddressRefused as refusal:
            state = first_link_state(link_state(Outcome.BLOCKED))
            tell(place, Seen(url, Outcome.BLOCKED, final_url=url, link_state=state, reason=str(refusal)))
    return places


def _batches(places: dict[str, list[int]]) -> Iterator[list[str]]:
    waiting = iter(places)
    while batch := list(islice(waiting, settings.CHECK_BATCH)):
        yield batch


def _tell_busy(places: list[int], urls: Sequence[str], tell: Tell) -> None:
    for place in places:
        tell(place, Seen(urls[place], None, reason="Another look at this source is under way."))


def _first_look(result: FetchResult) -> Seen:
    outcome, reason, page_class, digest = result.outcome, result.reason, None, None
    if outcome is Outcome.OK:
        try:
            parsed = parse_document(
                result.body, result.headers.get("content-type", ""), result.final_url, with_metadata=True
            )
        except ParseRefused as refusal:
            outcome, reason = refusal.outcome, refusal.reason
        else:
            page = classify_page(parsed, http_status=result.http_status, final_url=result.final_url, url=result.url)
            page_class, reason = page.value, page.reason
            if page_class is PageKind.EMPTY:
                outcome = Outcome.EMPTY
            else:
                digest = text_sha256(parsed.text)
    if outcome is Outcome.EMPTY:
        page_class = PageKind.EMPTY
    state = link_state(
        outcome,
        http_status=result.http_status,
        page_class=page_class or "",
        permanent_redirect=result.permanent_redirect,
    )
    return Seen(
        url=result.url,
        outcome=outcome.value,
        http_status=result.http_status or None,
        final_url=result.final_url,
        link_state=first_link_state(state).value,
        page_class=page_class.value if page_class else None,
        bytes=result.bytes,
        seconds=round(result.seconds, 3),
        text_sha256=digest,
        reason=reason,
    )


def _recorded(check: SourceCheck) -> Seen:
    return Seen(
        url=check.source.url,
        outcome=check.outcome,
        http_status=check.http_status or None,
        final_url=check.final_url,
        link_state=Source.LinkState(check.link_state).value,
        page_class=check.page_class or None,
        bytes=check.byte_count,
        seconds=check.seconds,
        text_sha256=check.snapshot.text_sha256 if check.snapshot else None,
        reason=check.reason,
    )
