"""Deliveries: sent many at once, tried again over three days, and given up with notice.

A delivery is leased for one attempt, with the database's clock, posted with no transaction open, and recorded
only while the attempt is still its own. A worker that dies between post and record costs a repetition under
the same webhook-id. A lease is longer than a post can take, so nothing renews it.
"""

import logging
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, F, Q, Window
from django.db.models.functions import Now, RowNumber

from claims.errors import EndpointRefused
from claims.formats.webhooks import signed_headers
from claims.models import Delivery, DeliveryAttempt, Endpoint
from claims.models.webhooks import RETRY_WAITS, TRIES
from sources.looks import PostRequest, PostResult
from sources.outcomes import Outcome
from sources.posts import Posts
from sources.resolving import Resolver
from sources.services.checks import policy

from .at_rest import SecretLost
from .webhooks import allowed_address, drop_waiting, signing_secrets

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

IN_FLIGHT = 64  # of one worker
PER_ENDPOINT = 6  # of all workers together
# An endpoint that failed last gets one try at a time, and all such together a quarter of the places: however many
# are dead and hold their places to the last second, the others have the rest.
FAILING_IN_FLIGHT = IN_FLIGHT // 4
REFILL = IN_FLIGHT // 8  # places to be free before more is leased, so that one query leases several
JITTER = 0.2
LONGEST_WAIT = 24 * 3600.0
FAILING_FOR = timedelta(days=5)
# How often an endpoint's row says that it still answers; with every post it would be written too often.
DELIVERED_STEP = timedelta(seconds=10)


@dataclass(frozen=True)
class Attempt:
    """One post of a leased delivery, begun at a time and with these headers."""

    delivery: Delivery
    sent_at: datetime
    headers: dict[str, str]


def send_due_deliveries(*, clock: Clock, resolver: Resolver | None = None) -> int:
    """Post what is due, many at once, until nothing is or DELIVERY_RUN seconds are over; return how many posts.

    Safe beside others of its kind. A dead receiver holds its own places to the end and nobody else's.
    """
    _give_up_lost(clock())
    leased = lease_due(now=clock(), limit=IN_FLIGHT)
    if not leased:
        return 0
    sent, begun = 0, time.monotonic()
    flying: dict[Any, Attempt] = {}
    with Posts(policy(), resolver) as posts:
        while leased or flying:
            refused = []
            for delivery in leased:
                attempt, refusal = _prepared(delivery, clock())
                if refusal:
                    refused.append((attempt, refusal))
                else:
                    flying[delivery.pk] = attempt
                    posts.begin(delivery.pk, PostRequest(delivery.endpoint.url, _bytes(delivery), attempt.headers))
            ended = [(flying.pop(key), result) for key, result in posts.ended(wait=0.5)] if flying else []
            record_attempts([*refused, *ended], now=clock())
            sent += len(ended)
            free = IN_FLIGHT - len(flying)
            goes_on = time.monotonic() - begun < settings.DELIVERY_RUN and (free >= REFILL or refused)
            leased = lease_due(now=clock(), limit=free) if goes_on else []
    return sent


def _prepared(delivery: Delivery, now: datetime) -> tuple[Attempt, PostResult | None]:
    """Return the attempt with its signatures, and how it ends if it must not or cannot be made."""
    try:
        allowed_address(delivery.endpoint.url)  # what our own host is may have changed since
        secrets = signing_secrets(delivery.endpoint, now=now)
    except EndpointRefused as refusal:
        return Attempt(delivery, now, {}), PostResult(Outcome.BLOCKED, reason=str(refusal))
    except SecretLost:
        reason = "The secret cannot be read any more; rotate it."
        return Attempt(delivery, now, {}), PostResult(Outcome.BLOCKED, reason=reason)
    headers = signed_headers(_bytes(delivery), message_id=delivery.message_id, now=now, secrets=secrets)
    return Attempt(delivery, now, headers), None


def _bytes(delivery: Delivery) -> bytes:
    return delivery.body.encode()


# -- leases ---------------------------------------------------------------------------------------------
@transaction.atomic
def lease_due(*, now: datetime, limit: int) -> list[Delivery]:
    """Lease at most `limit` due deliveries, with their endpoints: of each endpoint only what it has places for."""
    chosen = _chosen(now, limit)
    if not chosen:
        return []
    owner = uuid.uuid4().hex
    free = Delivery.objects.due(now).filter(pk__in=chosen)
    locked = list(free.select_for_update(skip_locked=True, of=("self",)).order_by("pk").values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=locked).update(
        lease_owner=owner,
        lease_expires_at=Now() + timedelta(seconds=settings.DELIVERY_LEASE),
        attempt=F("attempt") + 1,
        tries=F("tries") + 1,
    )
    return list(Delivery.objects.filter(pk__in=locked, lease_owner=owner).select_related("endpoint"))


def _chosen(now: datetime, limit: int) -> list[int]:
    """Choose due deliveries, the endpoints in turn, so that no backlog stands before another endpoint's first."""
    in_hand = Counter(dict(Delivery.objects.leased().order_by().values_list("endpoint").annotate(Count("pk"))))
    failing = Q(endpoint__failing_since__isnull=False)
    turn = Window(RowNumber(), partition_by=F("endpoint"), order_by=[F("next_attempt_at"), F("pk")])
    due = Delivery.objects.due(now).annotate(turn=turn).order_by("turn", "next_attempt_at", "pk")
    failing_in_hand = Delivery.objects.leased().filter(failing).count()
    retried = due.filter(failing).exclude(endpoint__in=list(in_hand)).filter(turn=1)
    chosen = list(retried.values_list("pk", flat=True)[: max(0, min(FAILING_IN_FLIGHT - failing_in_hand, limit))])
    full = [endpoint for endpoint, count in in_hand.items() if count >= PER_ENDPOINT]
    healthy = due.exclude(failing).exclude(endpoint__in=full).filter(turn__lte=PER_ENDPOINT)
    for pk, endpoint in healthy.values_list("pk", "endpoint")[: limit + in_hand.total()]:
        if len(chosen) < limit and in_hand[endpoint] < PER_ENDPOINT:
            in_hand[endpoint] += 1
            chosen.append(pk)
    return chosen


def _give_up_lost(now: datetime) -> None:
    """End deliveries whose last try left no outcome."""
    lost = Delivery.objects.waiting().filter(tries__gte=TRIES, lease_expires_at__lte=Now())
    lost.update(
        state=Delivery.State.FAILED,
        reason="Given up: the last try left no outcome.",
        finished_at=now,
        next_attempt_at=None,
        lease_expires_at=None,
    )


# -- outcomes -------------------------------------------------------------------------------------------
@transaction.atomic
def record_attempts(ended: Sequence[tuple[Attempt, PostResult]], *, now: datetime) -> int:
    """Record how attempts ended and what becomes of their deliveries and endpoints; return how many were recorded.

    Left out is what has passed to a later attempt, was ended by a person or is gone.
    """
    if not ended:
        return 0
    # Endpoints before deliveries, in one order, as whoever switches one off does: no two wait for each other.
    wanted = {attempt.delivery.endpoint_id for attempt, _ in ended}
    rows = Endpoint.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    endpoints = {endpoint.pk: endpoint for endpoint in rows}
    recorded = []
    for attempt, result in ended:
        delivery = attempt.delivery
        mine = Delivery.objects.waiting().filter(pk=delivery.pk, attempt=delivery.attempt)
        if mine.update(**_after(delivery, result, now)):
            recorded.append(_row(attempt, result))
            _note(endpoints[delivery.endpoint_id], result, now)
    DeliveryAttempt.objects.bulk_create(recorded)
    return len(recorded)


def _row(attempt: Attempt, result: PostResult) -> DeliveryAttempt:
    return DeliveryAttempt(
        delivery=attempt.delivery,
        number=attempt.delivery.attempt,
        url=attempt.delivery.endpoint.url,
        sent_at=attempt.sent_at,
        request_headers=attempt.headers,
        outcome=result.outcome,
        http_status=result.http_status or None,
        response=result.response_head.decode("utf-8", "replace").replace("\x00", "\ufffd"),
        reason=result.reason[:200],
        seconds=round(result.seconds, 3),
    )


def _after(delivery: Delivery, result: PostResult, now: datetime) -> dict[str, Any]:
    """Return what a delivery becomes after this attempt, its `tries`th."""
    ended = {"lease_expires_at": None, "next_attempt_at": None, "finished_at": now}
    if result.outcome == Outcome.OK:
        return {**ended, "state": Delivery.State.DELIVERED, "reason": ""}
    said = f"Answered {result.http_status}." if result.http_status else result.reason or "No answer."
    if delivery.tries >= TRIES:
        return {**ended, "state": Delivery.State.FAILED, "reason": f"Given up after {TRIES} tries. {said}"[:200]}
    wait = RETRY_WAITS[max(delivery.tries, 1) - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    wait = max(wait, min(result.retry_after or 0.0, LONGEST_WAIT))
    return {"lease_expires_at": None, "next_attempt_at": now + timedelta(seconds=wait), "reason": said[:200]}


def _note(endpoint: Endpoint, result: PostResult, now: datetime) -> None:
    """Note at a locked endpoint how an attempt ended, and switch it off if it is gone or failed for five days."""
    if result.outcome == Outcome.OK:
        told = endpoint.last_delivered_at
        if endpoint.failing_since or told is None or not told <= now < told + DELIVERED_STEP:
            endpoint.failing_since, endpoint.last_failed_at, endpoint.last_delivered_at = None, None, now
            endpoint.save(update_fields=["failing_since", "last_failed_at", "last_delivered_at"])
        return
    # Days in which nothing was sent prove nothing: after more than five of them the count begins anew.
    is_in_a_row = endpoint.last_failed_at is not None and now - endpoint.last_failed_at <= FAILING_FOR
    if endpoint.failing_since is None or not is_in_a_row:
        endpoint.failing_since = now
    endpoint.last_failed_at = now
    is_gone = result.http_status == 410
    if endpoint.is_enabled and (is_gone or now - endpoint.failing_since >= FAILING_FOR):
        endpoint.disabled_reason = Endpoint.Reason.GONE if is_gone else Endpoint.Reason.FAILING
        endpoint.disabled_at, endpoint.owner_told_at = now, None
        endpoint.version += 1
        drop_waiting(endpoint_id=endpoint.pk, now=now)
        log.warning("webhook endpoint %s switched off: %s", endpoint.pk, endpoint.disabled_reason)
    endpoint.save()


# -- notice ---------------------------------------------------------------------------------------------
def tell_owners(*, now: datetime) -> int:
    """Mail each owner whose endpoint the service switched off; return how many were told.

    Mail that cannot be sent is tried again with the next call; the desk's page says it either way.
    """
    told = 0
    off = Endpoint.objects.filter(disabled_reason__in=Endpoint.GIVEN_UP, owner_told_at__isnull=True).select_related(
        "owner"
    )
    for endpoint in off:
        if endpoint.owner.email:
            try:
                send_mail(
                    f"{settings.SITE_NAME}: a webhook was switched off",
                    notice(endpoint),
                    settings.DEFAULT_FROM_EMAIL,
                    [endpoint.owner.email],
                )
            except OSError as error:
                log.warning("no mail about endpoint %s (%s)", endpoint.pk, type(error).__name__)
                continue
        told += Endpoint.objects.filter(pk=endpoint.pk, owner_told_at__isnull=True).update(owner_told_at=now)
    return told


def notice(endpoint: Endpoint) -> str:
    """Return what the owner of an endpoint that the service switched off is told."""
    why = {
        Endpoint.Reason.GONE: "It answered 410 Gone.",
        Endpoint.Reason.FAILING: "Nothing but failures came back for five days.",
    }[Endpoint.Reason(endpoint.disabled_reason)]
    return (
        f"The webhook to {endpoint.url} was switched off. {why}\n\n"
        "No change is sent to it until it is switched on again, at the desk or through the API. What it missed is "
        f"in the ledger: {settings.SITE_URL}/api/v1/changes, asked for what comes after the last seq you have. "
        "Deliveries that failed can be sent again one by one."
    )
