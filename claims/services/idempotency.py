"""Idempotency: one creating request is done once, however often it is sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, transaction

from claims.errors import KeyInProgress, KeyReused
from claims.models import IdempotencyRecord

KEPT_FOR = timedelta(hours=24)
_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code when lock_timeout ends the wait for the first request


@dataclass(frozen=True)
class Answer:
    """What a request was answered, ready to be given again."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def answer_once(
    *, owner: User, key: str | None, route: str, request_sha256: str, work: Callable[[], Answer], now: datetime
) -> Answer:
    """Do the work and keep its answer in the same transaction; a key that came before gets that answer again.

    Without a key the work is done all the same, whole or not at all. A refusal by the work stores nothing, so
    the request may be sent again. Raises KeyReused for another body, KeyInProgress while the first runs.
    """
    if key is None:
        return work()
    seen = IdempotencyRecord.objects.filter(owner=owner, route=route, key=key)
    seen.filter(created_at__lt=now - KEPT_FOR).delete()
    record = _first_record(owner, key, route, request_sha256, now)
    if record is None:
        return _answer_again(seen.get(), request_sha256)
    answer = work()
    record.status, record.body, record.headers = answer.status, answer.body, answer.headers
    record.save(update_fields=["status", "body", "headers"])
    return answer


def forget_old_answers(*, now: datetime) -> int:
    """Delete the answers nobody can ask for again, and return how many there were."""
    return IdempotencyRecord.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]


def _first_record(owner: User, key: str, route: str, request_sha256: str, now: datetime) -> IdempotencyRecord | None:
    """Take the key, or return None when it is taken; its unique row makes parallel requests wait here."""
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                owner=owner, key=key, route=route, request_sha256=request_sha256, status=0, body="", created_at=now
            )
    except IntegrityError:
        return None
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise KeyInProgress("The first request with this key is still running; ask again shortly.") from None


def _answer_again(record: IdempotencyRecord, request_sha256: str) -> Answer:
    if record.request_sha256 != request_sha256:
        raise KeyReused("This Idempotency-Key came before with another body; take a new key for a new request.")
    if record.status == 0:
        raise KeyInProgress("The first request with this key is still running; ask again shortly.")
    return Answer(record.status, record.body, record.headers)
