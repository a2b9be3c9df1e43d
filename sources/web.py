"""The only door to the network: safe, bounded, polite looks at addresses."""

import asyncio
import contextlib
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from sources.addresses import Address, AddressRefused, has_forbidden_character, parse_address
from sources.decoding import BoundedDecoder, DecodeRefused
from sources.looks import FetchPolicy, FetchRequest, FetchResult, Hop, Limits
from sources.outcomes import REASONS, Outcome, outcome_of_status
from sources.pacing import Pacer, retry_after_seconds
from sources.resolving import (
    AddressBlocked,
    Guard,
    GuardedConnector,
    MeteredResponse,
    Resolver,
    SystemResolver,
    pinned,
)
from sources.robots import ALLOW_ALL, MAX_BYTES, RobotsRules

__all__ = ["FetchPolicy", "FetchRequest", "FetchResult", "Fetcher", "Hop", "Limits", "fetch_all"]

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/*;q=0.8,*/*;q=0.5"
_REDIRECTS = {301, 302, 303, 307, 308}
_READABLE = re.compile(
    r"(text/(?!css|javascript).*|application/([\w.-]+\+)?(xml|json)|application/(pdf|x-pdf|octet-stream|link-format))?\Z"
)
_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"\Z')
_PDF_TYPES = ("application/pdf", "application/x-pdf")


class _Ended(Exception):
    """A look that is over; carries its outcome."""

    def __init__(self, outcome: Outcome, retry_after: float | None = None, reason: str = "") -> None:
        super().__init__(outcome.value)
        self.outcome = outcome
        self.retry_after = retry_after
        self.reason = reason or REASONS[outcome]


@dataclass
class _Look:
    """What is known so far of one look; the clock runs only inside `working`."""

    request: FetchRequest
    address: Address
    budget: float
    spent: float = 0.0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    raw_headers: tuple[tuple[str, str], ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    redirects: list[Hop] = field(default_factory=list)
    body: bytes = b""
    raw_body: bytes = b""
    wire: int = 0

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        begun = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, self.budget - self.spent)):
                yield
        finally:
            self.spent += time.monotonic() - begun


class Fetcher:
    """The door, an async context manager; keeps robots rules and each host's pace while it is open."""

    def __init__(
        self,
        policy: FetchPolicy,
        resolver: Resolver | None = None,
        *,
        in_flight: int = 64,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.policy = policy
        self._own_resolver = SystemResolver() if resolver is None else None
        self._resolver: Resolver = resolver or self._own_resolver  # type: ignore[assignment]
        self._guard = Guard(allowed_origin=policy.allowed_origin, nat64_prefix=policy.nat64_prefix)
        self._pacer = Pacer(spacing=policy.spacing, per_host=policy.limits.per_host, in_flight=in_flight)
        self._robots: dict[str, tuple[float, asyncio.Future[RobotsRules | _Ended]]] = {}
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Fetcher":
        limits = self.policy.limits
        # Behind a proxy every connection goes to the operator's own address, which the table may not know.
        connector = (
            aiohttp.TCPConnector(force_close=True, limit=0) if self.policy.proxy else GuardedConnector(self._guard)
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            response_class=MeteredResponse,
            requote_redirect_url=False,
            max_headers=limits.headers,
            read_bufsize=64 * 1024,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
        if self._own_resolver is not None:
            self._own_resolver.close()

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Look at one address. Network trouble is an outcome, never an exception."""
        fetched_at = self._clock()
        try:
            address = self._parse(request.url)
        except AddressRefused as refusal:
            return FetchResult(request.url, request.url, Outcome.BLOCKED, reason=str(refusal), fetched_at=fetched_at)
        look = _Look(request, address, self.policy.limits.total)
        ended = await self._outcome(look, self._walk)
        headers = look.headers
        kind, _, parameters = headers.get("content-type", "").partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([^\s\"';]+)", parameters, re.IGNORECASE)
        return FetchResult(
            url=request.url,
            final_url=look.address.url,
            outcome=ended.outcome,
            http_status=look.status,
            headers=headers,
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
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
            fetched_at=fetched_at,
            raw_headers=look.raw_headers,
            request_headers=look.request_headers,
        )

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

    def _parse(self, url: str) -> Address:
        return parse_address(url, allowed_origin=self.policy.allowed_origin, ports=self.policy.ports)

    async def _outcome(self, look: _Look, walk: Callable[[_Look], Awaitable[Outcome]]) -> _Ended:
        """Turn whatever goes wrong on the way into the outcome it means."""
        try:
            return _Ended(await walk(look))
        except _Ended as ended:
            return ended
        except DecodeRefused as refusal:
            outcome = refusal.outcome
        except (AddressBlocked, AddressRefused):
            outcome = Outcome.BLOCKED
        except TimeoutError:
            outcome = Outcome.TIMEOUT
        except (aiohttp.ClientSSLError, ssl.SSLError):
            outcome = Outcome.TLS_ERROR
        except aiohttp.ClientPayloadError:
            outcome = Outcome.TRUNCATED
        except aiohttp.ServerDisconnectedError:
            outcome = Outcome.PROTOCOL_ERROR
        except OSError:  # also aiohttp's connection errors
            outcome = Outcome.UNREACHABLE
        except (aiohttp.ClientError, ValueError):
            outcome = Outcome.PROTOCOL_ERROR
        look.body = look.raw_body = b""
        return _Ended(outcome)

    async def _walk(self, look: _Look) -> Outcome:
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
                raise _Ended(Outcome.REDIRECT_ERROR)
            seen.add(look.address.url)

    def _follow(self, look: _Look, location: str) -> None:
        if len(look.redirects) >= self.policy.limits.redirects or not location:
            raise _Ended(Outcome.REDIRECT_ERROR)
        # Raw bytes are percent-encoded as they came. Joining would drop tabs and newlines in silence.
        location = "".join(
            character
            if character.isascii()
            else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
            for character in location
        )
        if has_forbidden_character(location):
            raise _Ended(Outcome.BLOCKED)
        try:
            look.address = self._parse(urljoin(look.address.url, location))
        except ValueError as refusal:
            raise _Ended(Outcome.BLOCKED) from refusal
        look.redirects.append(Hop(look.status, look.address.url))

    async def _hop(self, look: _Look, read: Callable[[_Look, Any], Awaitable[str | None]]) -> str | None:
        """Send one request on a connection of its own; return the target of a redirect, or None."""
        assert self._session is not None, "enter the Fetcher before fetching"
        limits, address = self.policy.limits, look.address
        closed = self._pacer.closed_for(address.host)
        if closed:
            raise _Ended(Outcome.RATE_LIMITED, closed)
        connect = limits.connect + (limits.tls if address.scheme == "https" else 0.0)
        headers = self._request_headers(look)
        async with self._pacer.turn(address.host), look.working():
            if not self.policy.proxy:
                pinned.set(await self._look_up(address))
            timeout = aiohttp.ClientTimeout(sock_connect=connect, sock_read=limits.idle)
            async with contextlib.AsyncExitStack() as stack:
                async with asyncio.timeout(connect + limits.first_byte):
                    response = await stack.enter_async_context(
                        self._session.get(
                            URL(address.url, encoded=True),
                            headers=headers,
                            allow_redirects=False,
                            timeout=timeout,
                            proxy=self.policy.proxy,
                        )
                    )
                look.request_headers = tuple(response.request_info.headers.items())
                self._note_head(look, response)
                return await read(look, response)

    async def _look_up(self, address: Address) -> list[str]:
        """The vetted addresses of a host: one look-up, and one closed answer closes the name."""
        if address.is_literal:
            return [address.host]
        async with asyncio.timeout(self.policy.limits.dns):
            answers = await self._resolver.resolve(address.host, address.port)
        if not answers:
            raise _Ended(Outcome.UNREACHABLE)
        self._guard.vet(answers, address.port)
        return answers

    def _request_headers(self, look: _Look) -> dict[str, str]:
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

    def _note_head(self, look: _Look, response: Any) -> None:
        look.status = response.status
        raw = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
        if sum(len(name) + len(value) for name, value in raw) > self.policy.limits.header_bytes:
            raise _Ended(Outcome.PROTOCOL_ERROR)
        look.raw_headers = tuple(raw)
        look.headers = {}
        for name, value in response.headers.items():
            known = look.headers.get(name.lower())
            look.headers[name.lower()] = value if known is None else f"{known}, {value}"

    async def _read_page(self, look: _Look, response: Any) -> str | None:
        status, headers = look.status, look.headers
        if status in _REDIRECTS:
            targets = set(response.headers.getall("Location", []))
            if len(targets) != 1:
                raise _Ended(Outcome.REDIRECT_ERROR)
            return str(targets.pop())
        if status == 304 and (look.request.etag or look.request.last_modified):
            return None
        if status == 304 or status == 206 or status < 200:
            raise _Ended(Outcome.PROTOCOL_ERROR)
        if status >= 300:
            self._raise_status(look)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if not _READABLE.match(kind):
            raise _Ended(Outcome.BAD_TYPE)
        if status in (204, 205):
            raise _Ended(Outcome.EMPTY)
        limits = self.policy.limits
        is_pdf = kind in _PDF_TYPES
        wire_limit = limits.pdf if is_pdf else limits.wire
        decoder = BoundedDecoder(headers.get("content-encoding", ""), limits.pdf if is_pdf else limits.decoded)
        if (response.content_length or 0) > wire_limit:
            raise _Ended(Outcome.TOO_LARGE)
        pieces = []
        async for piece in response.content.iter_any():
            if not look.wire and piece.startswith(b"%PDF-"):
                wire_limit = limits.pdf
            look.wire += len(piece)
            if look.wire > wire_limit:
                raise _Ended(Outcome.TOO_LARGE)
            decoder.feed(piece)
            pieces.append(piece)
        if not look.wire:
            raise _Ended(Outcome.TRUNCATED if decoder.coding else Outcome.EMPTY)
        look.body = decoder.finish()
        look.raw_body = b"".join(pieces) if decoder.coding else look.body
        if not look.body:
            look.raw_body = b""
            raise _Ended(Outcome.EMPTY)
        return None

    def _raise_status(self, look: _Look) -> None:
        outcome = outcome_of_status(look.status)
        wait = retry_after_seconds(look.headers.get("retry-after", ""), self._clock())
        if outcome is Outcome.RATE_LIMITED or (look.status == 503 and wait is not None):
            self._pacer.close_host(look.address.host, wait or 60.0)
            raise _Ended(outcome, wait or 60.0)
        raise _Ended(outcome, wait)

    async def _ask_robots(self, look: _Look) -> None:
        """End the look where the site's rules ask us to; rules are read once per origin and kept a while."""
        origin, now = look.address.origin, time.monotonic()
        kept = self._robots.get(origin)
        if kept is None or now - kept[0] > self.policy.limits.robots_age:
            future: asyncio.Future[RobotsRules | _Ended] = asyncio.get_running_loop().create_future()
            self._robots[origin] = (now, future)
            answer: RobotsRules | _Ended = _Ended(Outcome.UNREACHABLE)
            try:
                answer = await self._read_robots(look)
            finally:
                if isinstance(answer, _Ended):
                    self._robots.pop(origin, None)  # those who wait share the failure; the next asks anew
                future.set_result(answer)
        else:
            answer = await asyncio.shield(kept[1])
        if isinstance(answer, _Ended):
            raise _Ended(answer.outcome, answer.retry_after, answer.reason)
        if not answer.allows(look.address.url):
            raise _Ended(Outcome.NOT_PERMITTED)

    async def _read_robots(self, look: _Look) -> "RobotsRules | _Ended":
        """The rules of an origin (RFC 9309, section 2.3.1), or how the look ends where they cannot be read.

        A host that cannot be reached at all is told as such: its page was not refused, it was not there.
        """
        robots = _Look(
            FetchRequest(look.address.origin + "/robots.txt"),
            replace(look.address, target="/robots.txt", fragment=""),
            look.budget,
            spent=look.spent,
        )
        ended = await self._outcome(robots, self._walk_robots)
        look.spent = robots.spent
        if ended.outcome is Outcome.OK:
            return RobotsRules(robots.body, self.policy.user_agent)
        if ended.outcome in (Outcome.RATE_LIMITED, Outcome.UNREACHABLE, Outcome.TLS_ERROR, Outcome.TIMEOUT):
            return ended
        if ended.outcome is Outcome.BLOCKED and not robots.status:
            return ended
        if ended.outcome in (Outcome.BLOCKED, Outcome.REDIRECT_ERROR) or 400 <= robots.status < 500:
            return ALLOW_ALL
        return _Ended(Outcome.NOT_PERMITTED, ended.retry_after, "The site's robots.txt could not be read.")

    async def _walk_robots(self, robots: _Look) -> Outcome:
        while True:
            location = await self._hop(robots, self._read_rules)
            if location is None:
                return Outcome.OK
            self._follow(robots, location)

    async def _read_rules(self, look: _Look, response: Any) -> str | None:
        if look.status in _REDIRECTS:
            return str(response.headers.get("Location", ""))
        if not 200 <= look.status < 300:
            self._raise_status(look)
        decoder, wire = BoundedDecoder(look.headers.get("content-encoding", ""), 2 * MAX_BYTES), 0
        async for piece in response.content.iter_any():
            wire += len(piece)
            decoder.feed(piece)
            if wire > MAX_BYTES:  # the first 500 KiB count (section 2.5)
                look.body = decoder.so_far()
                return None
        look.body = decoder.finish() if wire else b""
        return None


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
