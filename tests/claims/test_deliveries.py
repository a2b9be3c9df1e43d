"""Deliveries: written with the change, posted, tried again, given up with notice; a dead receiver harms no other."""

import json
import signal
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from standardwebhooks import Webhook

from claims.models import Change, Delivery, DeliveryAttempt, Endpoint
from claims.models.webhooks import RETRY_WAITS
from claims.services import deliveries, webhooks
from claims.services.webhooks import create_endpoint
from tests.claims.receivers import Answer, Receiver, SteppedClock, endpoint_at, only_delivery, send
from tests.claims.stories import corrected, held, withdrawn
from tests.factories import ClaimFactory, DeskLeadFactory, TopicFactory, decided, published, with_evidence
from tests.faults.plant import Fork, wait_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings):
    made = Receiver()
    settings.FETCH_ALLOWED_ORIGIN = made.origin
    yield made
    made.close()


@pytest.fixture
def clock():
    return SteppedClock()


def test_a_public_change_arrives_signed_with_its_place_in_the_ledger(receiver, settings):
    endpoint, secret = create_endpoint(url=receiver.url(), owner=DeskLeadFactory(), now=SteppedClock()())
    claim = published()

    assert send() == 1

    (post,) = receiver.posts
    told = Webhook(secret).verify(post.body, post.headers)
    change = Change.objects.get()
    assert told["type"] == "claim.published"
    assert told["data"] == {
        "seq": change.seq,
        "claim": claim.code,
        "url": f"{settings.SITE_URL}/claims/{claim.code}",
        "text": claim.text,
        "rating": "correct",
        "citability": "citable",
        "version": 1,
        "superseded_by": None,
        "reason": None,
        "cause": "decision",
        "actor": "person",
    }
    assert post.headers["content-type"] == "application/json"
    endpoint.refresh_from_db()
    assert endpoint.last_delivered_at and endpoint.failing_since is None
    delivery = only_delivery()
    assert (delivery.state, delivery.body.encode()) == ("delivered", post.body)
    attempt = delivery.attempts.get()
    assert (attempt.number, attempt.http_status, attempt.outcome) == (1, 204, "ok")
    assert attempt.request_headers["webhook-id"] == post.headers["webhook-id"] == delivery.message_id
    assert send() == 0


def test_events_are_the_ledgers_kinds_in_its_order(receiver):
    endpoint_at(receiver.url())
    claim = published()
    withdrawn(corrected(held(claim)))

    send()

    told = sorted((json.loads(post.body) for post in receiver.posts), key=lambda told: told["data"]["seq"])
    assert [one["type"] for one in told] == list(Change.objects.values_list("kind", flat=True))
    assert [one["data"]["seq"] for one in told] == list(range(len(told)))
    assert told[1]["data"]["reason"] == "The report now says 409."
    assert told[-1]["data"]["rating"] is None


def test_a_change_that_is_rolled_back_is_told_to_nobody(receiver):
    endpoint_at(receiver.url())
    claim = decided()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        published(claim)
        raise ZeroDivisionError

    assert not Delivery.objects.exists()


def test_an_endpoint_hears_of_its_events_topics_and_claims_alone(receiver):
    topic, other = TopicFactory(), TopicFactory()
    claim = ClaimFactory()
    claim.topics.add(topic)
    elsewhere = ClaimFactory()
    wanted = {
        "all": {},
        "kind": {"events": ["claim.published"]},
        "topic": {"topics": [topic, other]},
        "claim": {"claims": [claim]},
        "all three": {"events": ["claim.published", "claim.held"], "topics": [topic], "claims": [claim, elsewhere]},
    }
    unwanted = {
        "another kind": {"events": ["claim.held"]},
        "another topic": {"topics": [other]},
        "another claim": {"claims": [elsewhere]},
        "one of three": {"topics": [topic], "claims": [elsewhere]},
    }
    owner = DeskLeadFactory()
    for name, filters in {**wanted, **unwanted}.items():
        endpoint_at(receiver.url(f"/{name.replace(' ', '-')}"), owner=owner, **filters)
    off = endpoint_at(receiver.url("/off"))
    webhooks.edit_endpoint(endpoint_id=off.pk, version=1, is_enabled=False, now=SteppedClock()())

    published(decided(with_evidence(claim)))
    send()

    assert sorted(post.path for post in receiver.posts) == sorted(f"/{name.replace(' ', '-')}" for name in wanted)


def test_a_failing_delivery_is_tried_ten_times_over_three_days(receiver, clock):
    """R29's schedule, with the same id on every try; with a jitter of a fifth at most."""
    assert sum(RETRY_WAITS) == 75 * 3600 + 35 * 60 + 5
    receiver.answers["/hook"] = Answer(status=500, body=b"no")
    endpoint_at(receiver.url())
    published()
    waits = []
    while True:
        before = clock()
        assert send(clock) == 1
        delivery = only_delivery()
        if delivery.state != "waiting":
            break
        waits.append((delivery.next_attempt_at - before).total_seconds())
        assert send(clock) == 0
        clock.step(seconds=waits[-1] - 2)
        clock.step(seconds=4)

    assert len(waits) == len(RETRY_WAITS)
    for wait, planned in zip(waits, RETRY_WAITS, strict=True):
        assert 0.8 * planned <= wait <= 1.2 * planned + 10
    assert len({wait / planned for wait, planned in zip(waits, RETRY_WAITS, strict=True)}) > 1
    assert (delivery.state, delivery.reason) == ("failed", "Given up after 10 tries. Answered 500.")
    assert len(receiver.posts) == 10
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    assert len({post.body for post in receiver.posts}) == 1
    assert list(delivery.attempts.values_list("number", flat=True)) == list(range(10, 0, -1))


@pytest.mark.parametrize(
    ("status", "headers", "least"),
    [
        (429, {"Retry-After": "7200"}, 7200),
        (503, {"Retry-After": "3600"}, 3600),
        (429, {"Retry-After": str(9 * 86_400)}, 86_400),
        (502, {}, 4),
    ],
)
def test_retry_after_is_obeyed_for_a_day_at_most(receiver, clock, status, headers, least):
    receiver.answers["/hook"] = Answer(status=status, headers=headers)
    endpoint_at(receiver.url())
    published()
    before = clock()

    send(clock)

    wait = (only_delivery().next_attempt_at - before).total_seconds()
    assert least <= wait <= least * 1.2 + 10


@pytest.mark.parametrize("status", [200, 202, 299])
def test_any_2xx_is_a_receipt(receiver, status):
    receiver.answers["/hook"] = Answer(status=status)
    endpoint_at(receiver.url())
    published()
    send()

    assert only_delivery().state == "delivered"


def test_a_redirect_is_a_failure_and_not_followed(receiver):
    receiver.answers["/hook"] = Answer(status=307, headers={"Location": receiver.url("/elsewhere")})
    endpoint_at(receiver.url())
    published()
    send()

    assert [post.path for post in receiver.posts] == ["/hook"]
    assert (only_delivery().state, only_delivery().attempts.get().outcome) == ("waiting", "redirect_error")


def test_of_a_response_16_kib_are_kept(receiver):
    receiver.answers["/hook"] = Answer(status=500, body=b"\x00" + "é".encode() * 20_000)
    endpoint_at(receiver.url())
    published()
    send()

    response = DeliveryAttempt.objects.get().response
    assert response.startswith("\ufffdé") and len(response.encode()) <= 16 * 1024 + 8


def test_gone_switches_an_endpoint_off_at_once_and_its_owner_is_told(receiver, mailoutbox):
    receiver.answers["/hook"] = Answer(status=410)
    endpoint = endpoint_at(receiver.url(), owner=DeskLeadFactory(email="owner@desk.example"))
    published()
    send()

    endpoint.refresh_from_db()
    assert (endpoint.disabled_reason, only_delivery().state) == ("gone", "failed")
    assert deliveries.tell_owners(now=SteppedClock()()) == 1
    assert deliveries.tell_owners(now=SteppedClock()()) == 0
    (letter,) = mailoutbox
    assert letter.to == ["owner@desk.example"]
    assert receiver.url() in letter.body and "410" in letter.body and "/api/v1/changes" in letter.body


def test_five_days_of_failures_alone_switch_it_off_and_what_failed_can_be_sent_again(receiver, clock, mailoutbox):
    receiver.answers["/hook"] = Answer(status=500)
    endpoint = endpoint_at(receiver.url(), owner=DeskLeadFactory(email="owner@desk.example"))
    claim = published()
    begun = clock()
    for hours in range(0, 6 * 24, 12):
        if hours == 60:
            held(claim)
        send(clock)
        endpoint.refresh_from_db()
        if not endpoint.is_enabled:
            break
        assert clock() - begun < timedelta(days=5, hours=1)
        clock.step(hours=12)

    assert (endpoint.disabled_reason, clock() - begun >= timedelta(days=5)) == ("failing", True)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"failed"}
    deliveries.tell_owners(now=clock())
    assert "five days" in mailoutbox[0].body

    asked = len(receiver.posts)
    published()
    send(clock)
    assert len(receiver.posts) == asked
    receiver.answers.clear()
    webhooks.edit_endpoint(endpoint_id=endpoint.pk, version=endpoint.version, is_enabled=True, now=clock())
    for delivery in Delivery.objects.all():
        webhooks.replay_delivery(delivery_id=delivery.pk)
    send(clock)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 2


def test_one_success_begins_the_five_days_anew(receiver, clock):
    endpoint = endpoint_at(receiver.url())
    claim = published()
    receiver.answers["/hook"] = Answer(status=500)
    send(clock)
    clock.step(days=3)
    receiver.answers.clear()
    send(clock)
    receiver.answers["/hook"] = Answer(status=500)
    held(claim)
    clock.step(days=3)
    send(clock)

    endpoint.refresh_from_db()
    assert endpoint.is_enabled and endpoint.failing_since is not None


def test_mail_that_cannot_be_sent_is_tried_again(receiver, settings, mailoutbox):
    receiver.answers["/hook"] = Answer(status=410)
    endpoint_at(receiver.url(), owner=DeskLeadFactory(email="owner@desk.example"))
    published()
    send()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert deliveries.tell_owners(now=SteppedClock()()) == 0

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliveries.tell_owners(now=SteppedClock()()) == 1
    assert len(mail.outbox) == 1


def test_a_silent_receiver_does_not_delay_the_others(receiver, settings):
    """With 20 deliveries waiting for it, and silent until the others are done."""
    settings.DELIVERY_RUN = 30
    silent = threading.Event()
    others = 5
    receiver.answers["/dead"] = Answer(held=silent)
    owner = DeskLeadFactory()
    endpoint_at(receiver.url("/dead"), owner=owner)
    for number in range(others):
        endpoint_at(receiver.url(f"/{number}"), owner=owner)
    count = 20
    for endpoint in Endpoint.objects.all():
        for _ in range(count):
            webhooks.send_test(endpoint_id=endpoint.pk, now=SteppedClock()())

    def let_go_when_the_others_are_done():
        if len(receiver.posts) - len(receiver.to("/dead")) == others * count:
            silent.set()

    for number in range(others):
        receiver.answers[f"/{number}"] = Answer(meanwhile=let_go_when_the_others_are_done)
    send()

    assert silent.is_set()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_an_endpoint_that_failed_gets_one_try_at_a_time_and_all_of_them_a_quarter_of_the_places(receiver):
    clock, now = SteppedClock(), SteppedClock()()
    for number in range(30):
        endpoint = endpoint_at(receiver.url(f"/{number}"))
        Endpoint.objects.filter(pk=endpoint.pk).update(failing_since=now if number < 25 else None)
        for _ in range(12):
            webhooks.send_test(endpoint_id=endpoint.pk, now=now)

    first = deliveries.lease_due(now=clock(), limit=64)
    failing = [delivery.endpoint_id for delivery in first if delivery.endpoint.failing_since]
    assert (len(failing), len(set(failing)), len(first)) == (16, 16, 16 + 5 * deliveries.PER_ENDPOINT)
    assert deliveries.lease_due(now=clock(), limit=64) == []


def test_what_a_dead_worker_had_in_hand_is_sent_again_once_its_lease_ended(receiver):
    clock = SteppedClock()
    endpoint_at(receiver.url())
    published()
    (lost,) = deliveries.lease_due(now=clock(), limit=64)
    assert send(clock) == 0
    Delivery.objects.update(lease_expires_at=clock() - timedelta(seconds=1))

    assert send(clock) == 1

    late = deliveries.Attempt(lost, clock(), {})
    result = deliveries.PostResult(deliveries.Outcome.SERVER_ERROR, http_status=500)
    assert deliveries.record_attempts([(late, result)], now=clock()) == 0
    delivery = only_delivery()
    assert (delivery.state, delivery.attempt, delivery.attempts.count()) == ("delivered", 2, 1)


def test_tries_that_leave_no_outcome_end_too(receiver, clock):
    endpoint_at(receiver.url())
    published()
    Delivery.objects.update(tries=10, attempt=10, lease_expires_at=clock() - timedelta(seconds=1))
    assert send(clock) == 0
    assert only_delivery().reason == "Given up: the last try left no outcome."


def test_old_deliveries_are_forgotten_and_the_waiting_never(receiver, clock):
    endpoint = endpoint_at(receiver.url())
    published()
    send(clock)
    webhooks.send_test(endpoint_id=endpoint.pk, now=clock())
    clock.step(days=31)

    webhooks.forget_old_deliveries(now=clock())

    assert list(Delivery.objects.values_list("event", "state")) == [("test", "waiting")]
    assert not DeliveryAttempt.objects.exists()
    assert Change.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_worker_killed_between_post_and_record_sends_it_again_under_the_same_id(receiver, settings):
    settings.DELIVERY_LEASE = 0.5
    endpoint = endpoint_at(receiver.url())
    webhooks.send_test(endpoint_id=endpoint.pk, now=SteppedClock()())  # what is published cannot be flushed
    worker = None

    def kill():
        if len(receiver.posts) == 1:
            worker.tell(signal.SIGKILL)

    receiver.answers["/hook"] = Answer(meanwhile=lambda: wait_for(lambda: worker, "the worker's id") and kill())
    worker = Fork(send)
    assert worker.wait() == -signal.SIGKILL

    assert only_delivery().state == "waiting" and not DeliveryAttempt.objects.exists()
    wait_for(send, "the lease to end")
    first, second = receiver.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"] and first.body == second.body
    assert (only_delivery().state, only_delivery().attempt) == ("delivered", 2)
