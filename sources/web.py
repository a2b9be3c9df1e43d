"""The only door to the network: safe, bounded, polite looks at addresses, and posts to them."""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urljoin

from sources.addresses import AddressRefused, has_forbidden_character
from sources.connecting import MeteredResponse
from sources.holding import Holding
from sources.hops import Door, outcome_of
from sources.looks import FetchPolicy, FetchRequest, FetchResult, Hop, Limits, PostRequest, PostResult
from sources.outcomes import Outcome, outcome_of_status
from sources.pacing import DEFAULT_WAIT, Pacer, retry_after_seconds
from sources.posting import post
from sources.progress import Ended, Progress
from sources.reading import REDIRECTS, has_page, read_body, read_rules, redirect_target
from sources.resolving import Resolver
from sources.robots import ALLOW_ALL, RobotsRules

__all__ = [
    "FetchPolicy",
    "FetchRequest",
    "FetchResult",
    "Fetcher",
    "Hop",
    "Limits",
    "PostRequest",
    "PostResult",
    "fetch_all",
]

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/*;q=0.8,*/*;q=0.5"
_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"\Z')


class Fetcher(Door):
    """The door, an async context manager; keeps robots rules and each host's pace while it is open."""

    def __init__(
        self,
        policy: FetchPolicy,
        resolver: Resolver | None = None,
        *,
        in_flight: int = 64,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(policy, resolver)
        self._pacer = Pacer(spacing=policy.spacing, per_host=policy.limits.per_host, in_flight=in_flight)
        self._robots: dict[str, tuple[float, asyncio.Future[RobotsRules | Ended]]] = {}
        self._holding = Holding(policy.limits.held)
        self._clock = clock

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Look at one address. Network trouble is an outcome, never an exception."""
        async with self.looking(request) as result:
            return result

    @contextlib.asynccontextmanager
    async def looking(self, request: FetchRequest) -> AsyncIterator[FetchResult]:
        """Look at one address; its body counts among what is in hand until the context is left."""
        fetched_at = self._clock()
        try:
            address = self.parse(request.url)
        except AddressRefused as refusal:
            yield FetchResult(request.url, request.url, Outcome.BLOCKED, reason=str(refusal), fetched_at=fetched_at)
            return
        look = Progress(request, address, self.policy.limits.total)
        try:
            ended = await outcome_of(look, self._walk)
            yield _result(look, ended, fetched_at)
        finally:
            self._holding.give_back(id(look))

    async def fetch_many(self, requests: Iterable[FetchRequest]) -> AsyncIterator[FetchResult]:
        """Look at many addresses at once, each result as it comes; the rest is given up with the loop."""
        tasks = [asyncio.create_task(self.fetch(request)) for request in requests]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def post(self, request: PostRequest) -> PostResult:
        """Tell one address something, once: no redirect, no robots, no pacing. Trouble is an outcome."""
        return await post(self, request, clock=self._clock)

    async def _walk(self, look: Progress) -> Outcome:
        """Follow an address to its page by hand (RFC 9110, section 15.4), each hop through every check."""
        seen = {look.address.url}
        while True:
            if self.policy.robots:
                await self._ask_robots(look)
            location = await self._hop(look, self._read_page)
            if location is None:
                return Outcome.UNCHANGED if look.status == 304 else Outcome.OK
            self._follow(look, location)
            if look.address.url in seen:
                raise Ended(Outcome.REDIRECT_ERROR)
            seen.add(look.address.url)

    def _follow(self, look: Progress, location: str) -> None:
        if len(look.redirects) >= self.policy.limits.redirects or not location:
            raise Ended(Outcome.REDIRECT_ERROR)
        # Raw bytes are percent-encoded as they came. Joining would drop tabs and newlines in silence.
        if has_forbidden_character(_as_text(location)):
            raise Ended(Outcome.BLOCKED)
        location = "".join(
            character
            if character.isascii()
            else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
            for character in location
        )
        # "http:next", "http:///next" and "///next" are one host to browsers and another to RFC 3986: not followed.
        if re.match(r"(?i)https?:(?!//[^/])|///", location):
            raise Ended(Outcome.BLOCKED)
        try:
            look.address = self.parse(urljoin(look.address.url, location))
        except ValueError as refusal:
            raise Ended(Outcome.BLOCKED) from refusal
        look.redirects.append(Hop(look.status, look.address.url))

    async def _hop(
        self, look: Progress, read: Callable[[Progress, MeteredResponse], Awaitable[str | None]]
    ) -> str | None:
        """Send one request when it is its turn; return the target of a redirect, or None."""
        host = look.address.host
        self._pass_by_if_closed(host)
        begun = time.monotonic()
        async with self._pacer.turn(host):
            self._pass_by_if_closed(host)  # the one before us in the queue may have been asked to wait
            if look.requests:  # the pause after a request of its own is the look's; a queue before it is not
                look.waited += min(time.monotonic() - begun, self.policy.spacing)
            look.requests += 1
            async with look.working(), self.exchange(look, self._request_headers(look)) as response:
                return await read(look, response)

    def _pass_by_if_closed(self, host: str) -> None:
        if closed := self._pacer.closed_for(host):
            raise Ended(Outcome.RATE_LIMITED, closed)

    def _request_headers(self, look: Progress) -> dict[str, str]:
        headers = {
            "User-Agent": self.policy.user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate",
        }
        if _ETAG.match(look.request.etag):
            headers["If-None-Match"] = look.request.etag
        if re.fullmatch(r"[\w ,:+-]{10,40}", look.request.last_modified, re.ASCII):
            headers["If-Modified-Since"] = look.request.last_modified
        return headers

    async def _read_page(self, look: Progress, response: MeteredResponse) -> str | None:
        if look.status in REDIRECTS:
            return redirect_target(response)
        if look.status >= 300 and look.status != 304:
            self._raise_status(look)
        if has_page(look):
            await read_body(look, response, self.policy.limits, self._holding)
        return None

    def _raise_status(self, look: Progress) -> None:
        outcome = outcome_of_status(look.status)
        wait = retry_after_seconds(look.headers.get("retry-after", ""), self._clock())
        if outcome is Outcome.RATE_LIMITED or (look.status == 503 and wait is not None):
            wait = wait or DEFAULT_WAIT
            if self.policy.closes_hosts:
                self._pacer.close_host(look.address.host, wait)
        raise Ended(outcome, wait)

    async def _ask_robots(self, look: Progress) -> None:
        """End the look where the site's rules ask us to; rules are read once per origin and kept a while."""
        origin, now = look.address.origin, time.monotonic()
        kept = self._robots.get(origin)
        if kept is None or now - kept[0] > self.policy.limits.robots_age:
            future: asyncio.Future[RobotsRules | Ended] = asyncio.get_running_loop().create_future()
            self._robots[origin] = (now, future)
            answer: RobotsRules | Ended = Ended(Outcome.UNREACHABLE)
            try:
                answer = await self._read_robots(look)
            finally:
                if isinstance(answer, Ended):
                    self._robots.pop(origin, None)  # those who wait share the failure; the next asks anew
                future.set_result(answer)
        else:
            answer = await asyncio.shield(kept[1])
        if isinstance(answer, Ended):
            raise Ended(answer.outcome, answer.retry_after, answer.reason)
        if not answer.allows(look.address.url):
            raise Ended(Outcome.NOT_PERMITTED)

    async def _read_robots(self, look: Progress) -> RobotsRules | Ended:
        """The rules of an origin (RFC 9309, section 2.3.1), or how the look ends where they cannot be read.

        A host that cannot be reached at all is told as such: its page was not refused, it was not there.
        """
        robots = Progress(
            FetchRequest(look.address.origin + "/robots.txt"),
            replace(look.address, target="/robots.txt", fragment=""),
            look.budget,
            spent=look.spent,
            waited=look.waited,
            requests=look.requests,
        )
        ended = await outcome_of(robots, self._walk_robots)
        look.spent, look.waited, look.requests = robots.spent, robots.waited, robots.requests
        if ended.outcome is Outcome.OK:
            return RobotsRules(robots.body, self.policy.user_agent)
        if ended.outcome in (Outcome.RATE_LIMITED, Outcome.UNREACHABLE, Outcome.TLS_ERROR, Outcome.TIMEOUT):
            return ended
        if ended.outcome is Outcome.BLOCKED and not robots.status:
            return ended
        if ended.outcome in (Outcome.BLOCKED, Outcome.REDIRECT_ERROR) or 400 <= robots.status < 500:
            return ALLOW_ALL
        return Ended(Outcome.NOT_PERMITTED, ended.retry_after, "The site's robots.txt could not be read.")

    async def _walk_robots(self, robots: Progress) -> Outcome:
        while True:
            location = await self._hop(robots, self._read_rules)
            if location is None:
                return Outcome.OK
            self._follow(robots, location)

    async def _read_rules(self, look: Progress, response: MeteredResponse) -> str | None:
        if look.status in REDIRECTS:
            return redirect_target(response)
        if not 200 <= look.status < 300:
            self._raise_status(look)
        await read_rules(look, response)
        return None


def _as_text(location: str) -> str:
    """A target without the bytes in it that are no UTF-8; they are percent-encoded and hide nothing."""
    return location.encode("utf-8", "surrogateescape").decode("utf-8", "ignore")


def _result(look: Progress, ended: Ended, fetched_at: datetime) -> FetchResult:
    kind, _, parameters = look.headers.get("content-type", "").partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([^\s\"';]+)", parameters, re.IGNORECASE)
    return FetchResult(
        url=look.request.url,
        final_url=look.address.url,
        outcome=ended.outcome,
        http_status=look.status,
        headers=look.headers,
        body=look.body,
        raw_body=look.raw_body,
        content_type=kind.strip().lower(),
        charset=charset.group(1).lower() if charset else "",
        redirects=look.redirects,
        permanent_redirect=bool(look.redirects) and all(hop.status in (301, 308) for hop in look.redirects),
        seconds=look.spent,
        bytes=look.wire,
        retry_after=ended.retry_after,
        reason=ended.reason,
        etag=look.headers.get("etag", ""),
        last_modified=look.headers.get("last-modified", ""),
        fetched_at=fetched_at,
        raw_headers=look.raw_headers,
        request_headers=look.request_headers,
    )


def fetch_all(
    requests: Iterable[FetchRequest],
    policy: FetchPolicy,
    *,
    resolver: Resolver | None = None,
    in_flight: int = 64,
) -> list[FetchResult]:
    """Look at many addresses at once, from ordinary code; results stand in the order of the requests."""

    async def run() -> list[FetchResult]:
        async with Fetcher(policy, resolver, in_flight=in_flight) as fetcher:
            return list(await asyncio.gather(*(fetcher.fetch(request) for request in requests)))

    return asyncio.run(run())
