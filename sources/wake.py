"""Waking a worker because a person waits. The work itself is a row; the message is only a wake-up."""

import logging
from collections.abc import Callable

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)


def wake(task: str, *, otherwise: Callable[[], object] | None = None, **ids: int | None) -> None:
    """Send a task by its name once the present transaction is through; a broker that is away is no error.

    Sent by name, so that a web process need not load what only workers use. `otherwise` is called when the
    broker does not answer, to make the row due for the next sweep.
    """

    def send() -> None:
        try:
            current_app.send_task(task, kwargs=ids, retry=False)
        except Exception as error:
            log.warning("%s not handed over (%s); the sweep does it", task, type(error).__name__)
            if otherwise:
                otherwise()

    transaction.on_commit(send)
