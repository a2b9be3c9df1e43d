"""One look under way: what is known of it so far, how long it may still take, and how it ends."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from sources.addresses import Address
from sources.looks import FetchRequest, Hop
from sources.outcomes import REASONS, Outcome


class Ended(Exception):
    """A look that is over; carries its outcome."""

    def __init__(self, outcome: Outcome, retry_after: float | None = None, reason: str = "") -> None:
        super().__init__(outcome.value)
        self.outcome = outcome
        self.retry_after = retry_after
        self.reason = reason or REASONS[outcome]


@dataclass
class Progress:
    """What is known so far of one look; the clock runs only inside `working`, and stands still in `paused`."""

    request: FetchRequest
    address: Address
    budget: float
    spent: float = 0.0
    waited: float = 0.0  # for our own earlier requests; counts in the budget and is not work
    requests: int = 0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    raw_headers: tuple[tuple[str, str], ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    redirects: list[Hop] = field(default_factory=list)
    body: bytes = b""
    raw_body: bytes = b""
    wire: int = 0
    _clock: asyncio.Timeout | None = None

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Count the time inside; raises TimeoutError when the budget is used up."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, self.budget - self.spent - self.waited)) as self._clock:
                yield
        finally:
            self.spent += time.monotonic() - begun

    @contextlib.asynccontextmanager
    async def paused(self, most: float) -> AsyncIterator[None]:
        """Stop the clock for what is not the site's doing, at most so many seconds."""
        assert self._clock is not None, "only work can be paused"
        begun, deadline = time.monotonic(), self._clock.when()
        assert deadline is not None
        self._clock.reschedule(deadline + most)
        try:
            yield
        finally:
            waited = min(time.monotonic() - begun, most)
            self.spent -= waited
            if not self._clock.expired():
                self._clock.reschedule(deadline + waited)
