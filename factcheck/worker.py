"""What a Celery worker of ours does beside its tasks: shows that it works, starts anew when deaf, ends in time.

A worker can be connected to the broker and take nothing, for ever (celery#8030). So each notes when it last
asked every one of its queues for a message; one that is idle and asked nothing for WORKER_SILENCE seconds,
while the broker answers others, ends with EX_DEAF, and whoever supervises it (systemd, a container's restart
policy, factcheck/supervise.py) starts it anew.

Told to end (SIGTERM), it takes nothing new and lets its tasks run on for WORKER_STOP_AFTER seconds; what then
still runs is ended, and its leases are given back uncounted, so that another worker does it at once.
"""

import logging
import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery import bootsteps, current_app, signals
from celery.worker import state
from django.conf import settings
from django.db import Error, connection

from sources.services.leases import owner_prefix, release
from sources.services.workers import forget_worker, see_worker
from sources.wake import ping_broker

log = logging.getLogger(__name__)

EX_DEAF = 75  # sysexits.h: a failure that trying again may end


class Ears:
    """When each queue of this worker was last asked for a message."""

    def __init__(self) -> None:
        self.asked: dict[str, float] = {}
        self.can_hear = True

    def note(self, queues: set[str]) -> None:
        self.asked.update(dict.fromkeys(queues, time.monotonic()))

    def silent_for(self, queues: list[str], since: float) -> float:
        """Return for how many seconds the queue that was longest not asked was not, at most since then."""
        return time.monotonic() - min(max(since, self.asked.get(queue, since)) for queue in queues)


ears = Ears()


class Listening(bootsteps.StartStopStep):
    """Notes every answer of the broker to "what is next in my queues?", an empty one every second included."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, c: Any) -> None:
        channel = c.task_consumer.channel
        read = getattr(channel, "handlers", {}).get("BRPOP")
        ears.can_hear = read is not None
        if read is None:
            return  # not Redis, whose questions are not seen here

        def read_and_note(**options: Any) -> Any:
            ears.note(set(channel.active_queues))
            return read(**options)

        channel.handlers["BRPOP"] = read_and_note


class Watch(bootsteps.StartStopStep):
    """A thread of the worker's first process that shows that it works, or ends it."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self.ended = threading.Event()
        self.is_ending = threading.Lock()

    def start(self, worker: Any) -> None:
        self.queues = list(worker.app.amqp.queues.consume_from)
        self.name = worker.hostname
        self.worker = worker
        forget_worker(name=self.name)
        connection.close()
        signals.worker_shutting_down.connect(self.end_in_time, weak=False)
        threading.Thread(target=self.run, name="watch", daemon=True).start()

    def stop(self, worker: Any) -> None:
        """Whatever ends the worker, an error of the broker's included, it does not hang in its last task."""
        self.ended.set()
        self.end_in_time(code=EX_DEAF)

    def run(self) -> None:
        since, tick = time.monotonic(), settings.WORKER_SILENCE / 6
        while not self.ended.wait(tick if ears.asked else min(tick, 1.0)):
            self.touch()
            silent = ears.silent_for(self.queues, since)
            # A task has a time limit of its own, and meanwhile there may be nothing to ask for.
            is_busy = bool(state.reserved_requests or state.active_requests)
            if is_busy or not ears.can_hear or (silent < 2 * tick and ears.asked):
                self.show()
            elif silent > settings.WORKER_SILENCE:
                if self.broker_is_there():
                    log.critical("%s asked for no work for %.0f s; it starts anew", self.name, silent)
                    self.end(EX_DEAF)
                since = time.monotonic()

    def show(self) -> None:
        try:
            see_worker(name=self.name, serves=self.queues)
        except Error as error:
            log.warning("the worker's row is not written (%s)", type(error).__name__)
        finally:
            connection.close()  # none is open while the pool forks

    @staticmethod
    def touch() -> None:
        if settings.WORKER_PULSE:
            with suppress(OSError):
                Path(settings.WORKER_PULSE).touch()

    @staticmethod
    def broker_is_there() -> bool:
        try:
            ping_broker()
        except Exception:
            return False
        return True

    # -- ending -----------------------------------------------------------------------------------------
    def end_in_time(self, how: str = "Warm", code: int = 0, **_: Any) -> None:
        """Let the tasks run on for a while, or not at all after a second word; called from a signal's handler."""
        if how == "Warm" and not self.is_ending.acquire(blocking=False):
            return
        wait = settings.WORKER_STOP_AFTER if how == "Warm" else 0.0
        threading.Thread(target=self.end_later, args=(wait, code, self.processes()), daemon=True).start()

    def processes(self) -> list[int]:
        with suppress(Exception):  # a pool without processes has no such entry, one that is closed none at all
            return list(self.worker.pool.info["processes"])
        return [os.getpid()]

    def end_later(self, wait: float, code: int, processes: list[int]) -> None:
        time.sleep(wait)
        log.warning("%s gives back what still runs", self.name)
        self.end(code, processes)

    def end(self, code: int, processes: list[int] | None = None) -> None:
        """End the pool's processes, give back their leases, and end this one; nothing runs after it."""
        for pid in processes or self.processes():
            if pid != os.getpid():
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            try:
                release(owner=owner_prefix(pid))
            except Error as error:
                log.warning("leases of process %s not given back (%s)", pid, type(error).__name__)
        with suppress(Error):
            forget_worker(name=self.name)
        os._exit(code)


current_app.steps["worker"].add(Watch)
current_app.steps["consumer"].add(Listening)


@signals.worker_shutdown.connect
def _say_goodbye(sender: Any, **_: Any) -> None:
    with suppress(Error):
        forget_worker(name=sender.hostname)
