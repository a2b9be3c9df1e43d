"""How much of the bodies is in hand at once, all looks together."""

import asyncio


class Holding:
    """Bytes held by many readers. Past the limit only the eldest reader goes on, so that one always does."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._held: dict[int, int] = {}  # in the order in which the readers began
        self._total = 0
        self._less = asyncio.Event()

    def take(self, reader: int, size: int) -> bool:
        """Note that a reader holds so many bytes more; whether it may read on at once."""
        self._held[reader] = self._held.get(reader, 0) + size
        self._total += size
        return self._may_read(reader)

    async def turn(self, reader: int) -> None:
        """Wait until a reader may read on."""
        while not self._may_read(reader):
            self._less.clear()
            await self._less.wait()

    def give_back(self, reader: int) -> None:
        """Note that a reader holds nothing any more."""
        self._total -= self._held.pop(reader, 0)
        self._less.set()

    def _may_read(self, reader: int) -> bool:
        return self._total <= self.limit or next(iter(self._held)) == reader
