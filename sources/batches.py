"""Many looks at once from ordinary code: a loop in a thread of its own, readers beside it, results as they come."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from sources.looks import FetchPolicy, FetchRequest, FetchResult
from sources.resolving import Resolver
from sources.web import Fetcher

IN_FLIGHT = 64
READERS = 2  # each feeds a parser child of its own

Read = TypeVar("Read")


def look_at_many(
    requests: Sequence[FetchRequest],
    policy: FetchPolicy,
    read: Callable[[int, FetchResult], Read],
    *,
    in_flight: int = IN_FLIGHT,
    resolver: Resolver | None = None,
) -> Iterator[list[tuple[int, Read]]]:
    """Fetch all of these, `read` each result in a reader's thread, and yield what is ready, a list at a time.

    Fetching and reading go on while the caller works on what was yielded. `read` gets the request's index,
    may block, and touches no database. What it raises is raised here; that, or a caller who stops, ends the rest.
    """
    batch = _Batch(requests, policy, read, in_flight, resolver)
    thread = threading.Thread(target=batch.run, name="looks", daemon=True)
    thread.start()
    try:
        while (arrived := batch.next()) is not None:
            yield arrived
    finally:
        batch.give_up()
        thread.join()


class _Batch(Generic[Read]):
    def __init__(
        self,
        requests: Sequence[FetchRequest],
        policy: FetchPolicy,
        read: Callable[[int, FetchResult], Read],
        in_flight: int,
        resolver: Resolver | None,
    ) -> None:
        self._requests, self._policy, self._read = requests, policy, read
        self._in_flight, self._resolver = in_flight, resolver
        self._ready: queue.SimpleQueue[tuple[int, Read] | BaseException | None] = queue.SimpleQueue()
        self._is_given_up = threading.Event()
        self._is_over = False

    def next(self) -> list[tuple[int, Read]] | None:
        """Wait for one result and take along whatever else is there; None at the end."""
        arrived: list[tuple[int, Read]] = []
        while not self._is_over:
            try:
                item = self._ready.get(block=not arrived)
            except queue.Empty:
                break
            if isinstance(item, BaseException):
                raise item
            if item is None:
                self._is_over = True
            else:
                arrived.append(item)
        return arrived or None

    def give_up(self) -> None:
        """Start nothing more; what is under way ends with the loop."""
        self._is_given_up.set()

    def run(self) -> None:
        """Do all of it, in the thread."""
        readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        try:
            asyncio.run(self._look(readers))
            self._ready.put(None)
        except BaseException as error:  # for the caller's thread to raise
            self._ready.put(error)
        finally:
            readers.shutdown(cancel_futures=True)

    async def _look(self, readers: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()

        async def one(fetcher: Fetcher, index: int) -> None:
            async with fetcher.looking(self._requests[index]) as result:
                self._ready.put((index, await loop.run_in_executor(readers, self._read, index, result)))

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
