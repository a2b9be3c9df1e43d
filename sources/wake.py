"""Waking a worker because a person waits. The work itself is a row; the message is only a wake-up.

A broker that does not answer costs one request its two or four seconds of socket timeouts; then nothing is
sent for CIRCUIT_OPEN seconds, and the sweep does what the messages would have asked for (R35).
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)


class Circuit:
    """Whether the broker is worth asking, for all threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closes_at: float | None = None
        self._missed = 0

    @property
    def is_open(self) -> bool:
        """Whether the last question failed."""
        return self._closes_at is not None

    def ask(self, question: Callable[[], Any]) -> bool:
        """Ask the broker, unless it lately failed to answer; return whether it answered. Raises nothing."""
        with self._lock:
            now = time.monotonic()
            if self._closes_at is not None:
                if now < self._closes_at:
                    self._missed += 1
                    return False
                self._closes_at = now + settings.CIRCUIT_OPEN  # this caller tries, the others need not wait for it
        try:
            question()
        except Exception as error:
            with self._lock:
                self._missed += 1
                self._closes_at = time.monotonic() + settings.CIRCUIT_OPEN
            log.warning("the broker does not answer (%s); the sweep does what waits", type(error).__name__)
            return False
        with self._lock:
            missed, self._missed, self._closes_at = self._missed, 0, None
        if missed:
            log.warning("the broker answers again; %s messages were not sent", missed)
        return True

    def close(self) -> None:
        """Forget what failed; the next question is asked."""
        with self._lock:
            self._closes_at = None


circuit = Circuit()


def wake(task: str, **ids: int | None) -> None:
    """Send a task by its name once the present transaction is through; a broker that is away is no error.

    Sent by name, so that a web process need not load what only workers use. What it asks for must already
    be a row that is due: the message may be lost.
    """
    transaction.on_commit(lambda: circuit.ask(lambda: current_app.send_task(task, kwargs=ids, retry=False)))


def broker_answers() -> bool:
    """Ask the broker whether it is there, within its socket timeouts; False at once while it lately was not."""
    return circuit.ask(ping_broker)


def ping_broker() -> None:
    """Connect to the broker anew; raises whatever keeps it from answering."""
    with current_app.connection_for_write() as line:
        line.ensure_connection(max_retries=1, timeout=2)
        line.default_channel.close()
