"""One request on a connection of its own, and what its trouble means."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from sources.addresses import Address, AddressRefused, parse_address
from sources.connecting import GuardedConnector, MeteredResponse, pinned, tls_context
from sources.decoding import DecodeRefused
from sources.looks import FetchPolicy
from sources.outcomes import Outcome
from sources.progress import Ended, Progress
from sources.reading import note_head
from sources.resolving import AddressBlocked, Guard, Resolver, SystemResolver


class Door:
    """What every request of ours shares: the guard, the resolver and the session. Enter it before use."""

    def __init__(self, policy: FetchPolicy, resolver: Resolver | None = None) -> None:
        self.policy = policy
        self._own_resolver = SystemResolver() if resolver is None else None
        self._resolver: Resolver = resolver or self._own_resolver  # type: ignore[assignment]
        self._guard = Guard(allowed_origin=policy.allowed_origin, nat64_prefix=policy.nat64_prefix)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        limits, context = self.policy.limits, tls_context(self.policy.ca_file)
        # Behind a proxy every connection goes to the operator's own address, which the table may not know.
        connector: aiohttp.BaseConnector = (
            aiohttp.TCPConnector(force_close=True, limit=0, ssl=context)
            if self.policy.proxy
            else GuardedConnector(self._guard, limits, context)
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            response_class=MeteredResponse,
            requote_redirect_url=False,
            max_headers=limits.headers,
            max_field_size=limits.header_bytes,
            read_bufsize=64 * 1024,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )
        # Every connection is fresh: asking again because it broke would be a second look within the first.
        self._session._retry_connection = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
        if self._own_resolver is not None:
            self._own_resolver.close()

    def parse(self, url: str) -> Address:
        """Read an address by this policy; raises AddressRefused."""
        return parse_address(url, allowed_origin=self.policy.allowed_origin, ports=self.policy.ports)

    @contextlib.asynccontextmanager
    async def exchange(
        self, look: Progress, headers: Mapping[str, str], *, method: str = "GET", body: bytes | None = None
    ) -> AsyncIterator[MeteredResponse]:
        """Send one request to where the look is now, and note the answer's head; its body is the caller's.

        Raises Ended, AddressBlocked, TimeoutError, and whatever `outcome_of` has an outcome for.
        """
        assert self._session is not None, "enter the Fetcher before fetching"
        limits, address = self.policy.limits, look.address
        connect = limits.connect + (limits.tls if address.scheme == "https" else 0.0)
        if not self.policy.proxy:
            pinned.set(await self._look_up(address))
        async with contextlib.AsyncExitStack() as stack:
            async with asyncio.timeout(connect + limits.first_byte):
                response = await stack.enter_async_context(
                    self._session.request(
                        method,
                        URL(address.url, encoded=True),
                        data=body,
                        headers=headers,
                        allow_redirects=False,
                        timeout=aiohttp.ClientTimeout(sock_connect=connect, sock_read=limits.idle),
                        proxy=self.policy.proxy,
                    )
                )
            assert isinstance(response, MeteredResponse)
            look.request_headers = tuple(response.request_info.headers.items())
            note_head(look, response, limits)
            yield response

    async def _look_up(self, address: Address) -> list[str]:
        """The vetted addresses of a host: one look-up, and one closed answer closes the name."""
        if address.is_literal:
            return [address.host]
        try:
            async with asyncio.timeout(self.policy.limits.dns):
                answers = await self._resolver.resolve(address.host, address.port)
        except TimeoutError as error:
            raise Ended(Outcome.UNREACHABLE) from error
        if not answers:
            raise Ended(Outcome.UNREACHABLE)
        self._guard.vet(answers, address.port)
        return answers


async def outcome_of(look: Progress, walk: Callable[[Progress], Awaitable[Outcome]]) -> Ended:
    """How a walk ends: whatever goes wrong on the way is an outcome, and then nothing is kept of the body."""
    try:
        return Ended(await walk(look))
    except Ended as ended:
        told = ended
    except DecodeRefused as refusal:
        told = Ended(refusal.outcome)
    except (AddressBlocked, OSError, ValueError, aiohttp.ClientError, HttpProcessingError) as error:
        told = Ended(_meaning(error))
    look.body = look.raw_body = b""
    return told


def _meaning(error: Exception) -> Outcome:
    # The order matters: a timeout and a failed handshake are errors of the operating system too.
    for kinds, outcome in _MEANINGS:
        if isinstance(error, kinds):
            return outcome
    return Outcome.PROTOCOL_ERROR


_MEANINGS: tuple[tuple[tuple[type[Exception], ...], Outcome], ...] = (
    ((AddressBlocked, AddressRefused), Outcome.BLOCKED),
    ((aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError), Outcome.UNREACHABLE),
    ((TimeoutError,), Outcome.TIMEOUT),
    ((aiohttp.ClientSSLError, ssl.SSLError), Outcome.TLS_ERROR),
    ((aiohttp.ClientPayloadError,), Outcome.TRUNCATED),
    ((aiohttp.ServerDisconnectedError,), Outcome.PROTOCOL_ERROR),
    ((OSError,), Outcome.UNREACHABLE),  # also aiohttp's connection errors
)
