"""Many looks at once from ordinary code: a loop in a thread of its own, readers beside it, results as they come."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from sources.looks import FetchPolicy, FetchRequest, FetchResult
from sources.resolving import Resolver
from sources.web import Fetcher

IN_FLIGHT = 64
READERS = 2  # each feeds a parser child of its own
MOST_GATHERED = 16 * 1024 * 1024  # bytes read; what was made of them may hold them still

Read = TypeVar("Read")


def look_at_many(
    requests: Sequence[FetchRequest],
    policy: FetchPolicy,
    read: Callable[[int, FetchResult], Read],
    *,
    in_flight: int = IN_FLIGHT,
    together: int = 1,
    resolver: Resolver | None = None,
) -> Iterator[list[tuple[int, Read]]]:
    """Fetch all of these, `read` each result in a reader's thread, and yield what is ready, a list at a time.

    A list holds `together` results, or fewer of large pages or at the end. Fetching and reading go on while the
    caller works on what was yielded. `read` gets the request's index, may block, and touches no database; what it
    is given is let go afterwards, so that many large bodies are never in memory together. What it raises is raised
    here; that, or a caller who stops, ends the rest.
    """
    batch = _Batch(requests, policy, read, in_flight, together, resolver)
    thread = threading.Thread(target=batch.run, name="looks", daemon=True)
    thread.start()
    try:
        while arrived := batch.next():
            yield arrived
    finally:
        batch.give_up()
        thread.join()


class _Batch(Generic[Read]):
    """Between the threads are queues; who is slower finds more in one and is woken once for it."""

    def __init__(
        self,
        requests: Sequence[FetchRequest],
        policy: FetchPolicy,
        read: Callable[[int, FetchResult], Read],
        in_flight: int,
        together: int,
        resolver: Resolver | None,
    ) -> None:
        self._requests, self._policy, self._read = requests, policy, read
        self._in_flight, self._together, self._resolver = in_flight, together, resolver
        self._fetched: queue.SimpleQueue[tuple[int, FetchResult, asyncio.Future[None]] | None] = queue.SimpleQueue()
        self._ready: queue.SimpleQueue[list[tuple[int, Read]] | BaseException | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._gathered: list[tuple[int, Read]] = []
        self._size = 0
        self._let_go: list[asyncio.Future[None]] = []
        self._is_given_up = threading.Event()

    def next(self) -> list[tuple[int, Read]] | None:
        """Wait for results; None at the end."""
        item = self._ready.get()
        if isinstance(item, BaseException):
            raise item
        return item

    def give_up(self) -> None:
        """Start nothing more; what is under way ends with the loop."""
        self._is_given_up.set()

    def run(self) -> None:
        """Do all of it, in the thread."""
        readers = [
            threading.Thread(target=self._read_on, name="read", daemon=True)
            for _ in range(min(READERS, len(self._requests)))
        ]
        for reader in readers:
            reader.start()
        try:
            asyncio.run(self._look())
            self._ready.put(self._gathered or None)
            self._ready.put(None)
        except BaseException as error:  # for the caller's thread to raise
            self._ready.put(error)
        finally:
            for _ in readers:
                self._fetched.put(None)
            for reader in readers:
                reader.join()

    async def _look(self) -> None:
        self._loop = asyncio.get_running_loop()

        async def one(fetcher: Fetcher, index: int) -> None:
            async with fetcher.looking(self._requests[index]) as result:
                is_read = self._loop.create_future()
                self._fetched.put((index, result, is_read))
                await is_read

        async with Fetcher(self._policy, self._resolver, in_flight=self._in_flight) as fetcher:
            tasks = [asyncio.create_task(one(fetcher, index)) for index in range(len(self._requests))]
            try:
                waiting = set(tasks)
                while waiting and not self._is_given_up.is_set():
                    done, waiting = await asyncio.wait(waiting, timeout=1.0, return_when=asyncio.FIRST_EXCEPTION)
                    for task in done:
                        task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def _read_on(self) -> None:
        """Read what has been fetched until there is no more, in a reader's thread."""
        while (item := self._fetched.get()) is not None:
            index, result, is_read = item
            if not self._is_given_up.is_set():
                try:
                    self._gather((index, self._read(index, result)), result.bytes)
                except BaseException as error:  # for the caller's thread to raise
                    self._ready.put(error)
                    self._is_given_up.set()
            del item, result  # its body may be large
            self._settle_soon(is_read)

    def _gather(self, one: tuple[int, Read], size: int) -> None:
        with self._lock:
            self._gathered.append(one)
            self._size += size
            if len(self._gathered) >= self._together or self._size >= MOST_GATHERED:
                self._ready.put(self._gathered)
                self._gathered, self._size = [], 0

    def _settle_soon(self, is_read: "asyncio.Future[None]") -> None:
        with self._lock:
            self._let_go.append(is_read)
            is_first = len(self._let_go) == 1
        if is_first:  # a loop that has not come to it yet will find the others as well
            with contextlib.suppress(RuntimeError):  # it is closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        with self._lock:
            settled, self._let_go = self._let_go, []
        for is_read in settled:
            if not is_read.done():
                is_read.set_result(None)
