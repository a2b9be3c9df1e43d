"""Many posts at once from ordinary code: a loop in a thread of its own, results as they come."""

import asyncio
import queue
import threading
from collections.abc import Hashable
from types import TracebackType
from typing import Self

from sources.looks import FetchPolicy, PostRequest, PostResult
from sources.resolving import Resolver
from sources.web import Fetcher


class Posts:
    """The door held open for posts, a context manager: begin as many as you like, take what has ended.

    Nothing is begun after the context is left; what is under way then is given up.
    """

    def __init__(self, policy: FetchPolicy, resolver: Resolver | None = None) -> None:
        self._policy, self._resolver = policy, resolver
        self._ended: queue.SimpleQueue[tuple[Hashable, PostResult | BaseException]] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        opened: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="posts", daemon=True)
        self._thread.start()
        if (error := opened.get()) is not None:
            self._thread.join()
            raise error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def begin(self, key: Hashable, request: PostRequest) -> None:
        """Post this now; its result comes under this key."""
        self._loop.call_soon_threadsafe(self._begin, key, request)

    def ended(self, *, wait: float) -> list[tuple[Hashable, PostResult]]:
        """Return what ended since last asked, waiting at most so many seconds for a first one."""
        arrived: list[tuple[Hashable, PostResult]] = []
        while True:
            try:
                key, result = self._ended.get(block=not arrived, timeout=wait)
            except queue.Empty:
                return arrived
            if isinstance(result, BaseException):
                raise result
            arrived.append((key, result))

    def _begin(self, key: Hashable, request: PostRequest) -> None:
        task = self._loop.create_task(self._post(key, request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post(self, key: Hashable, request: PostRequest) -> None:
        try:
            self._ended.put((key, await self._fetcher.post(request)))
        except Exception as error:  # for the caller's thread to raise
            self._ended.put((key, error))

    def _run(self, opened: "queue.SimpleQueue[BaseException | None]") -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve(opened))
        except BaseException as error:  # for the caller's thread to raise
            opened.put(error)
        finally:
            self._loop.close()

    async def _serve(self, opened: "queue.SimpleQueue[BaseException | None]") -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        async with Fetcher(self._policy, self._resolver) as self._fetcher:
            opened.put(None)
            await self._stop.wait()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
