"""Politeness: how often and how many at once per host, and how long a host asked us to stay away."""

import asyncio
import contextlib
import email.utils
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

FLOOR = 60.0  # seconds; the least a Retry-After counts
CAP = 24 * 3600.0  # seconds; the most
DEFAULT_WAIT = FLOOR  # where a host asks for time and does not say how much


def retry_after_seconds(value: str, now: datetime) -> float | None:
    """Seconds to stay away by a Retry-After field (RFC 9110, section 10.2.3), at least 60, at most a day.

    None where there is no such field or it cannot be read.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:9])
    else:
        try:
            moment = email.utils.parsedate_to_datetime(value)
        except (TypeError, ValueError):
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, FLOOR), CAP)


@dataclass
class _Host:
    slots: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_start: float = float("-inf")
    closed_until: float = float("-inf")


class Pacer:
    """At most `per_host` requests to a host at once, each at least `spacing` seconds after the one before."""

    def __init__(self, *, spacing: float, per_host: int, in_flight: int) -> None:
        self._spacing = spacing
        self._per_host = per_host
        self._everywhere = asyncio.Semaphore(in_flight)
        self._hosts: dict[str, _Host] = {}

    @contextlib.asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at this host, then hold one of the places in flight until the request is over."""
        state = self._state(host)
        async with state.slots:
            async with state.turn:
                await asyncio.sleep(max(0.0, state.last_start + self._spacing - time.monotonic()))
                # The place is taken last and held only for one request: waiting hosts keep none of them,
                # and a fetch that goes on to another host has given its own back.
                await self._everywhere.acquire()
                state.last_start = time.monotonic()
            try:
                yield
            finally:
                self._everywhere.release()

    def close_host(self, host: str, seconds: float) -> None:
        """Ask this host for nothing more for so long."""
        state = self._state(host)
        state.closed_until = max(state.closed_until, time.monotonic() + seconds)

    def closed_for(self, host: str) -> float:
        """Seconds a host is still closed; 0 when it may be asked."""
        return max(0.0, self._state(host).closed_until - time.monotonic())

    def _state(self, host: str) -> _Host:
        state = self._hosts.get(host)
        if state is None:
            state = self._hosts[host] = _Host(asyncio.Semaphore(self._per_host))
        return state
