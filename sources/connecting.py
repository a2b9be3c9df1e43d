"""From vetted addresses to a connection: no look-up of its own, and the peer's name checked before a byte is sent."""

import asyncio
import ipaddress
import socket
import ssl
from contextvars import ContextVar
from functools import lru_cache, partial
from itertools import chain, zip_longest
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError

from sources.looks import Limits
from sources.resolving import AddressBlocked, Guard

MOST_TRIED = 6  # addresses of one name
STAGGER = 0.25  # seconds before the next address is tried beside the one before (RFC 8305, section 5)

# The vetted answers for the hop under way. Each fetch is a task with a context of its own.
pinned: ContextVar[list[str]] = ContextVar("pinned")


class GuardedConnector(aiohttp.BaseConnector):
    """Connects only to what is pinned for the hop, and there only where the guard permits.

    A host that refuses, drops or ignores the connection is one OSError: a closed and a filtered port look
    the same. Raises AddressBlocked, ClientConnectorSSLError where the host was reached and no TLS came about,
    and TimeoutError where that takes too long.
    """

    def __init__(self, guard: Guard, limits: Limits, context: ssl.SSLContext) -> None:
        super().__init__(force_close=True, limit=0)
        self._guard = guard
        self._limits = limits
        self._context = context
        self._handler = partial(ResponseHandler, loop=self._loop)

    async def _create_connection(self, req: Any, traces: Any, timeout: Any) -> ResponseHandler:
        dialled = await self._dial(pinned.get(), req.port)
        if not req.is_ssl():
            return (await self._loop.create_connection(self._handler, sock=dialled))[1]
        try:
            async with asyncio.timeout(self._limits.tls):
                # The name goes into SNI and is what the certificate must carry, never the address.
                _, handler = await self._loop.create_connection(
                    self._handler, sock=dialled, ssl=self._context, server_hostname=req.url.raw_host
                )
        except TimeoutError:
            raise
        except OSError as error:
            raise aiohttp.ClientConnectorSSLError(req.connection_key, error) from error
        return handler

    async def _dial(self, ips: list[str], port: int) -> socket.socket:
        """The first of these addresses that answers; raises OSError or AddressBlocked."""
        in_turn = _in_turn(ips)
        tries: list[asyncio.Task[socket.socket]] = []
        answered: socket.socket | None = None
        try:
            async with asyncio.timeout(self._limits.connect):
                if len(in_turn) == 1:  # most names, and not worth a task
                    return await self._try(in_turn[0], port)
                for ip in in_turn:
                    tries.append(asyncio.create_task(self._try(ip, port)))
                    if answered := await _first(tries, STAGGER):
                        return answered
                while not all(task.done() for task in tries):
                    if answered := await _first(tries, None):
                        return answered
        except TimeoutError:
            pass
        finally:
            for task in tries:
                task.cancel()
            for late in await asyncio.gather(*tries, return_exceptions=True):
                if isinstance(late, socket.socket) and late is not answered:
                    late.close()
        raise OSError("could not be reached")

    async def _try(self, ip: str, port: int) -> socket.socket:
        if not self._guard.permits(ip, port):
            raise AddressBlocked
        made = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM)
        try:
            made.setblocking(False)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._loop.sock_connect(made, (ip, port))
            host, reached, *_ = made.getpeername()
            if not self._guard.permits(str(ipaddress.ip_address(host)), int(reached)):
                raise AddressBlocked
        except BaseException:
            made.close()
            raise
        return made


async def _first(tries: list[asyncio.Task[socket.socket]], wait: float | None) -> socket.socket | None:
    """The socket of one that has answered, once one of those under way ends; None where it failed or none did."""
    going = [task for task in tries if not task.done()]
    ended, _ = await asyncio.wait(going, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
    return next((task.result() for task in ended if not isinstance(task.exception(), OSError)), None)


def _in_turn(ips: list[str]) -> list[str]:
    """IPv6 and IPv4 by turns, beginning with the resolver's first choice (RFC 8305, section 4)."""
    first = [ip for ip in ips if (":" in ip) == (":" in ips[0])]
    other = [ip for ip in ips if (":" in ip) != (":" in ips[0])]
    return [ip for ip in chain.from_iterable(zip_longest(first, other)) if ip][:MOST_TRIED]


@lru_cache(maxsize=4)  # reading the system's authorities takes as long as thirty looks
def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """What a certificate must satisfy: the system's authorities, and those of `ca_file`; raises OSError."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


class MeteredResponse(aiohttp.ClientResponse):
    """A response that ends a server's stream of informational answers (RFC 9110, section 15.2) at a limit."""

    informational_limit = 5
    _heard: ResponseHandler | None = None

    async def start(self, connection: Any) -> Any:
        """Read the answer's head; raises ClientResponseError past the limit."""
        protocol, seen = connection.protocol, 0
        self._heard = protocol
        read = protocol.read

        async def metered() -> Any:
            nonlocal seen
            message = await read()
            seen += 100 <= message[0].code < 200
            if seen > self.informational_limit:
                raise aiohttp.ClientResponseError(self.request_info, (), message="informational")
            return message

        protocol.read = metered
        return await super().start(connection)

    @property
    def has_more_than_said(self) -> bool:
        """Whether bytes came after the end of the body, so that its length was a lie."""
        return self._heard is not None and isinstance(self._heard.exception(), HttpProcessingError)
