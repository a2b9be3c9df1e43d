"""Webhook endpoints: who is told of public changes, with which secret; and the deliveries a change makes.

A secret is kept encrypted (`at_rest`), so that a copy of the database alone signs nothing.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from claims.errors import DeliveryRefused, EndpointLimitReached, EndpointOff, EndpointRefused, EndpointStale
from claims.formats.webhooks import body_of_test, event_body, new_message_id, new_secret
from claims.models import Change, Claim, Delivery, Endpoint, Topic
from sources.addresses import AddressRefused, parse_address

from .at_rest import decrypted, encrypted

ENDPOINTS_LIMIT = 10  # of one person or client, however many keys they have
PURPOSE = b"claims.webhooks.secret"
OLD_SECRET_SIGNS = timedelta(hours=24)


# -- endpoints ------------------------------------------------------------------------------------------
@transaction.atomic
def create_endpoint(
    *,
    url: str,
    owner: User,
    now: datetime,
    description: str = "",
    events: Iterable[str] = (),
    topics: Iterable[Topic] = (),
    claims: Iterable[Claim] = (),
) -> tuple[Endpoint, str]:
    """Return a new endpoint and its secret, which is shown this once; or raise EndpointRefused.

    A change is told if its kind is among `events`, its claim has one of the topics and is one of the claims;
    each of the three that is empty lets everything through.
    """
    address = allowed_address(url)
    User.objects.select_for_update().get(pk=owner.pk)  # two at once are counted one after the other
    if Endpoint.objects.filter(owner=owner).count() >= ENDPOINTS_LIMIT:
        raise EndpointLimitReached(f"You have {ENDPOINTS_LIMIT} endpoints, the most there may be; delete one first.")
    secret = new_secret()
    endpoint = Endpoint.objects.create(
        owner=owner,
        url=address,
        description=description.strip()[:200],
        events=_kinds(events),
        secret=_encrypted(secret),
        created_at=now,
    )
    endpoint.topics.set(topics)
    endpoint.claims.set(claims)
    return endpoint, secret


@transaction.atomic
def edit_endpoint(
    *,
    endpoint_id: int,
    version: int,
    now: datetime,
    url: str | None = None,
    description: str | None = None,
    events: Iterable[str] | None = None,
    topics: Iterable[Topic] | None = None,
    claims: Iterable[Claim] | None = None,
    is_enabled: bool | None = None,
) -> Endpoint:
    """Change what is given, of the version that was read; or raise EndpointRefused or EndpointStale.

    Switched off, what waits is not sent any more, and can be sent again one by one later.
    """
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
    if endpoint.version != version:
        raise EndpointStale(
            f"The endpoint changed in the meantime: it is at version {endpoint.version}, you edited {version}.",
            current=endpoint.version,
        )
    if url is not None:
        endpoint.url = allowed_address(url)
    if description is not None:
        endpoint.description = description.strip()[:200]
    if events is not None:
        endpoint.events = _kinds(events)
    if topics is not None:
        endpoint.topics.set(topics)
    if claims is not None:
        endpoint.claims.set(claims)
    if is_enabled is True and not endpoint.is_enabled:
        endpoint.disabled_at, endpoint.disabled_reason, endpoint.owner_told_at = None, "", None
        endpoint.failing_since = endpoint.last_failed_at = None
    elif is_enabled is False and endpoint.is_enabled:
        endpoint.disabled_at, endpoint.disabled_reason = now, Endpoint.Reason.PERSON
        drop_waiting(endpoint_id=endpoint.pk, now=now)
    endpoint.version += 1
    endpoint.save()
    return endpoint


def drop_waiting(*, endpoint_id: int, now: datetime) -> None:
    """Send nothing more of what waits for an endpoint that was switched off; a person may send it again."""
    Delivery.objects.waiting().filter(endpoint=endpoint_id).update(
        state=Delivery.State.FAILED,
        reason="The endpoint was switched off.",
        finished_at=now,
        next_attempt_at=None,
        lease_expires_at=None,
    )


@transaction.atomic
def rotate_secret(*, endpoint_id: int, now: datetime) -> tuple[Endpoint, str]:
    """Return the endpoint and a new secret, shown this once; the one before signs too for 24 hours.

    A second rotation within them ends the oldest secret at once.
    """
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
    secret = new_secret()
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, now + OLD_SECRET_SIGNS
    endpoint.secret = _encrypted(secret)
    endpoint.version += 1
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until", "version"])
    return endpoint, secret


def delete_endpoint(*, endpoint_id: int) -> None:
    """Delete an endpoint with its log; what is being sent arrives still, and is not recorded."""
    Endpoint.objects.filter(pk=endpoint_id).delete()


def allowed_address(url: str) -> str:
    """Return an address as it will be posted to; or raise EndpointRefused: not https, private, or our own.

    Its host is looked up and judged at each attempt, and never here, so that nobody learns what a name leads to.
    """
    try:
        address = parse_address(
            url, allowed_origin=settings.FETCH_ALLOWED_ORIGIN or None, ports=tuple(settings.FETCH_PORTS)
        )
    except AddressRefused as refusal:
        raise EndpointRefused(str(refusal), field="url") from None
    if address.scheme != "https" and not address.is_exempt:
        raise EndpointRefused("A webhook's address starts with https://.", field="url")
    if address.host == (urlsplit(settings.SITE_URL).hostname or "") and not address.is_exempt:
        raise EndpointRefused("This is the desk's own host; a webhook leads elsewhere.", field="url")
    return address.url


def _kinds(events: Iterable[str]) -> list[str]:
    chosen = set(events)
    if unknown := chosen - set(Change.Kind.values):
        raise EndpointRefused(f"“{sorted(unknown)[0]}” is no kind of the ledger.", field="events")
    return [kind for kind in Change.Kind.values if kind in chosen]


# -- secrets --------------------------------------------------------------------------------------------
def secret_of(endpoint: Endpoint) -> str:
    """Return the endpoint's secret; or raise SecretLost."""
    return _decrypted(endpoint.secret)


def signing_secrets(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """Return the secrets that sign now, the newest first; or raise SecretLost."""
    old = endpoint.old_secret if endpoint.old_secret_until and now < endpoint.old_secret_until else ""
    return [_decrypted(secret) for secret in (endpoint.secret, old) if secret]


@transaction.atomic
def reencrypt_secrets() -> int:
    """Encrypt every secret under the present SECRET_KEY; return how many endpoints have one. Raises SecretLost."""
    endpoints = list(Endpoint.objects.select_for_update().order_by("pk"))
    for endpoint in endpoints:
        endpoint.secret = _encrypted(_decrypted(endpoint.secret))
        endpoint.old_secret = _encrypted(_decrypted(endpoint.old_secret)) if endpoint.old_secret else ""
    Endpoint.objects.bulk_update(endpoints, ["secret", "old_secret"])
    return len(endpoints)


def _encrypted(secret: str) -> str:
    return encrypted(secret, purpose=PURPOSE)


def _decrypted(token: str) -> str:
    return decrypted(token, purpose=PURPOSE)


# -- deliveries -----------------------------------------------------------------------------------------
def queue_deliveries(*, change: Change, claim: Claim, reason: str | None, now: datetime) -> list[Delivery]:
    """Write down who is to be told of a change, in the transaction that makes it; due at once.

    The body is written once here: every endpoint, and every try, gets the same bytes.
    """
    endpoints = [endpoint for endpoint in Endpoint.objects.listening(claim) if endpoint.wants(change.kind)]
    if not endpoints:
        return []
    publication = claim.publications.latest()
    body = event_body(
        seq=change.seq,
        kind=change.kind,
        at=change.at,
        code=claim.code,
        url=settings.SITE_URL + claim.get_absolute_url(),
        revision=json.loads(publication.document),
        version=publication.number,
        citability=claim.citability,
        superseded_by=claim.superseded_by.code if claim.superseded_by else None,
        reason=reason or None,
        cause=change.cause,
        actor=change.actor,
    )
    return Delivery.objects.bulk_create(
        _delivery(endpoint, change.kind, body, now, change=change) for endpoint in endpoints
    )


def send_test(*, endpoint_id: int, now: datetime) -> Delivery:
    """Queue a test event, marked as one and in no ledger; or raise DeliveryRefused for an endpoint that is off."""
    endpoint = Endpoint.objects.get(pk=endpoint_id)
    if not endpoint.is_enabled:
        raise EndpointOff("The endpoint is switched off; switch it on first.")
    delivery = _delivery(endpoint, Delivery.TEST, body_of_test(at=now), now)
    delivery.save()
    return delivery


@transaction.atomic
def replay_delivery(*, delivery_id: int) -> Delivery:
    """Send a finished delivery again now, under the same webhook-id and with all its tries.

    Raises DeliveryRefused if it still waits or its endpoint is off.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=delivery_id)
    if not delivery.endpoint.is_enabled:
        raise EndpointOff("The endpoint is switched off; switch it on first.")
    if delivery.state == Delivery.State.WAITING:
        raise DeliveryRefused("It waits to be sent already.")
    Delivery.objects.filter(pk=delivery_id).update(
        state=Delivery.State.WAITING,
        reason="",
        tries=0,
        next_attempt_at=Now(),
        finished_at=None,
        lease_expires_at=None,
    )
    delivery.refresh_from_db()
    return delivery


def _delivery(endpoint: Endpoint, event: str, body: str, now: datetime, change: Change | None = None) -> Delivery:
    # Due by the database's clock: a web process whose own is an hour ahead delays nothing.
    return Delivery(
        endpoint=endpoint,
        change=change,
        message_id=new_message_id(),
        event=event,
        body=body,
        created_at=now,
        next_attempt_at=Now(),
    )


def forget_old_deliveries(*, now: datetime) -> int:
    """Delete deliveries finished longer ago than DELIVERIES_KEPT days, with their attempts; return how many rows."""
    until = now - timedelta(days=settings.DELIVERIES_KEPT)
    old = Delivery.objects.filter(finished_at__lt=until).exclude(state=Delivery.State.WAITING)
    ids = list(old.order_by("finished_at").values_list("pk", flat=True)[:5000])
    return Delivery.objects.filter(pk__in=ids).exclude(state=Delivery.State.WAITING).delete()[0] if ids else 0
