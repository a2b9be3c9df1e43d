"""From a host name to vetted addresses: one look-up, every answer judged."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

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
