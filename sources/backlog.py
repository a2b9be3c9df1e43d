"""How much waits on the broker, for whoever looks after the service."""

from celery import current_app

from sources.wake import circuit


def waiting_messages(queues: list[str]) -> dict[str, int] | None:
    """Return how many messages wait in each queue, or None while the broker does not answer. Raises nothing.

    They are wake-ups only: what they ask for stands in rows, so a number that stays high is a worker that is away.
    """
    found: dict[str, int] = {}

    def ask() -> None:
        with current_app.connection_for_read() as line:
            line.ensure_connection(max_retries=1, timeout=2)
            with line.channel() as channel:
                for queue in queues:
                    found[queue] = channel._size(queue)

    return found if circuit.ask(ask) else None
