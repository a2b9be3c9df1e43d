"""From a host name to vetted addresses: one look-up, every answer judged."""

import asyncio
import contextlib
import socket
import threading
from queue import SimpleQueue
from typing import Protocol

from sources.addresses import is_exempt_endpoint, is_public_ip

_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[list[str]]", str, int]


class AddressBlocked(Exception):
    """A connection we refuse to make. Not an OSError, so that no library takes it for a network fault."""


class Resolver(Protocol):
    """Whoever answers for names; an argument of the door, so that a test can answer for it."""

    async def resolve(self, host: str, port: int) -> list[str]:
        """Every address of a name, as canonical literals; raises OSError when there is none."""


class SystemResolver:
    """The operating system's resolver, in threads of its own: the loop's few would queue slow names.

    A look-up that was given up goes on until the system ends it. So there are more threads than looks in
    flight, and they are daemons: a process does not wait for them at its end.
    """

    def __init__(self, threads: int = 256) -> None:
        self._most = threads
        self._made = 0
        self._idle = threading.Semaphore(0)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()

    async def resolve(self, host: str, port: int) -> list[str]:
        """Every address of a name, each once; raises OSError."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()
        self._jobs.put((loop, answer, host, port))
        if not self._idle.acquire(blocking=False) and self._made < self._most:
            self._made += 1
            threading.Thread(target=self._work, name=f"resolve-{self._made}", daemon=True).start()
        return await answer

    def close(self) -> None:
        """Let the threads go; a look-up under way ends by itself."""
        for _ in range(self._made):
            self._jobs.put(None)

    def _work(self) -> None:
        while job := self._jobs.get():
            loop, answer, host, port = job
            found: list[str] | Exception
            try:
                infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                found = list(dict.fromkeys(str(info[4][0]) for info in infos))
            except Exception as error:  # whatever it is, it is the asker's
                found = error
            with contextlib.suppress(RuntimeError):  # the loop that asked is closed
                loop.call_soon_threadsafe(_settle, answer, found)
            self._idle.release()


def _settle(answer: asyncio.Future[list[str]], found: list[str] | Exception) -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)


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
