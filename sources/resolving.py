"""From a host name to a vetted connection: one look-up, every answer judged, the peer checked."""

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any, Protocol

import aiohttp
from aiohttp.abc import AbstractResolver

from sources.addresses import is_exempt_endpoint, is_public_ip


class AddressBlocked(Exception):
    """A connection we refuse to make. Not an OSError, so that no library takes it for a network fault."""


class Resolver(Protocol):
    """Whoever answers for names; an argument of the door, so that a test can answer for it."""

    async def resolve(self, host: str, port: int) -> list[str]:
        """Every address of a name, as canonical literals; raises OSError when there is none."""


class SystemResolver:
    """The operating system's resolver, in threads of its own: the loop's few would queue slow names."""

    def __init__(self, threads: int = 32) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="resolve")

    async def resolve(self, host: str, port: int) -> list[str]:
        """Every address of a name, each once; raises OSError."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._executor, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(answer[4][0]) for answer in found))

    def close(self) -> None:
        """Let the threads go; a look-up under way ends by itself."""
        self._executor.shutdown(wait=False, cancel_futures=True)


class Guard:
    """The one judge of what may be connected to."""

    def __init__(self, *, allowed_origin: str | None, nat64_prefix: str | None) -> None:
        self.allowed_origin = allowed_origin
        self.nat64_prefix = nat64_prefix

    def permits(self, ip: str, port: int) -> bool:
        """Whether this address and port may be connected to."""
        return is_exempt_endpoint(ip, port, self.allowed_origin) or is_public_ip(ip, nat64_prefix=self.nat64_prefix)

    def vet(self, ips: list[str], port: int) -> None:
        """Refuse a name if any one of its addresses is closed to us; raises AddressBlocked."""
        if not all(self.permits(ip, port) for ip in ips):
            raise AddressBlocked


# The vetted answers for the hop under way. Each fetch is a task with a context of its own.
pinned: ContextVar[list[str]] = ContextVar("pinned")


class _PinnedResolver(AbstractResolver):
    """Hands the connector what was looked up and vetted already; asks nobody."""

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[Any]:
        return [
            {
                "hostname": host,
                "host": ip,
                "port": port,
                "family": socket.AF_INET6 if ":" in ip else socket.AF_INET,
                "proto": socket.IPPROTO_TCP,
                "flags": socket.AI_NUMERICHOST,
            }
            for ip in pinned.get()
        ]

    async def close(self) -> None:
        pass


class GuardedConnector(aiohttp.TCPConnector):
    """Connects only where the guard permits: judged before the socket exists, and again by its peer name."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(
            resolver=_PinnedResolver(),
            use_dns_cache=False,
            force_close=True,
            limit=0,
            family=socket.AF_UNSPEC,
            socket_factory=self._socket,
        )
        self._guard = guard

    def _socket(self, addr_info: Any) -> socket.socket:
        family, kind, protocol, _, address = addr_info
        if not self._guard.permits(str(address[0]), int(address[1])):
            raise AddressBlocked
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    async def connect(self, *args: Any, **kwargs: Any) -> Any:
        """Connect, and let go at once of a peer that is not who was vetted; raises AddressBlocked."""
        connection = await super().connect(*args, **kwargs)
        peer = connection.transport.get_extra_info("peername") if connection.transport else None
        if not peer or not self._guard.permits(str(ipaddress.ip_address(peer[0])), int(peer[1])):
            connection.close()
            raise AddressBlocked
        return connection


class MeteredResponse(aiohttp.ClientResponse):
    """A response that ends a server's stream of informational answers (RFC 9110, section 15.2) at a limit."""

    informational_limit = 5

    async def start(self, connection: Any) -> Any:
        """Read the answer's head; raises ClientResponseError past the limit."""
        protocol, seen = connection.protocol, 0
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
