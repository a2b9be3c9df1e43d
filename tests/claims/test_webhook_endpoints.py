"""Endpoints: which addresses, how many, and secrets that only this installation can read."""

import pytest
from django.core.management import CommandError, call_command
from standardwebhooks import Webhook

from claims.errors import DeliveryRefused, EndpointLimitReached, EndpointRefused, EndpointStale
from claims.models import Change, Delivery, Endpoint
from claims.services import webhooks
from tests.claims.receivers import Answer, Receiver, SteppedClock, endpoint_at, only_delivery, send
from tests.factories import DeskLeadFactory, published
from tests.sources.hostile_site import CountingResolver, answer
from tests.sources.test_door_connecting import AUTHORITY, secure

pytestmark = pytest.mark.django_db

HOOK = "https://cms.example/hooks/factcheck"


@pytest.fixture
def receiver(settings):
    made = Receiver()
    settings.FETCH_ALLOWED_ORIGIN = made.origin
    yield made
    made.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://cms.example/hook", "https://10.1.2.3/hook", "https://127.0.0.1/hook", "https://localhost/hook",
        "https://[::1]/hook", "https://0x7f.1/hook", "https://a@cms.example/", "https://cms.example:8443/",
        "https://desk.example/hook", "https://DESK.example./hook", "ftp://cms.example/", "cms.example", "",
        "https://169.254.169.254/", "https://router/", "https://" + "a" * 3000,
    ],
)  # fmt: skip
def test_only_https_to_somebody_elses_public_address_is_taken(settings, url):
    settings.SITE_URL = "https://desk.example"
    with pytest.raises(EndpointRefused) as refusal:
        endpoint_at(url)
    assert (refusal.value.code, refusal.value.status, refusal.value.field) == ("url_not_allowed", 400, "url")
    assert not Endpoint.objects.exists()


def test_an_eleventh_endpoint_is_one_too_many():
    owner = DeskLeadFactory()
    for number in range(10):
        endpoint_at(f"{HOOK}/{number}", owner=owner)
    with pytest.raises(EndpointLimitReached) as refusal:
        endpoint_at(HOOK, owner=owner)
    assert (refusal.value.code, refusal.value.status) == ("limit_reached", 400)
    endpoint_at(HOOK)


def test_an_unknown_kind_is_refused():
    with pytest.raises(EndpointRefused, match="no kind"):
        endpoint_at(HOOK, events=["claim.exploded"])


def test_a_secret_is_not_in_the_database(receiver):
    endpoint, secret = webhooks.create_endpoint(url=HOOK, owner=DeskLeadFactory(), now=SteppedClock()())
    stored = Endpoint.objects.get(pk=endpoint.pk).secret

    assert secret.removeprefix("whsec_") not in stored
    assert webhooks.secret_of(endpoint) == secret


def test_after_the_installations_key_changed_secrets_are_read_by_the_old_one_and_then_written_anew(settings, receiver):
    endpoint, secret = webhooks.create_endpoint(url=receiver.url(), owner=DeskLeadFactory(), now=SteppedClock()())
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-this-installation"
    published()
    send()
    assert "cannot be read" in only_delivery().attempts.get().reason and receiver.posts == []
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("reencrypt_webhook_secrets")

    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("reencrypt_webhook_secrets", verbosity=0)
    settings.SECRET_KEY_FALLBACKS = []
    endpoint.refresh_from_db()
    assert webhooks.secret_of(endpoint) == secret


def test_for_a_day_after_a_rotation_both_secrets_sign(receiver):
    clock = SteppedClock()
    endpoint, old = webhooks.create_endpoint(url=receiver.url(), owner=DeskLeadFactory(), now=clock())
    _, new = webhooks.rotate_secret(endpoint_id=endpoint.pk, now=clock())
    webhooks.send_test(endpoint_id=endpoint.pk, now=clock())
    send(clock)
    post = receiver.posts[-1]
    for secret in (old, new):
        Webhook(secret).verify(post.body, post.headers)

    clock.step(hours=24, seconds=1)
    webhooks.send_test(endpoint_id=endpoint.pk, now=clock())
    send(clock)
    assert len(receiver.posts[-1].headers["webhook-signature"].split()) == 1


def test_a_test_is_marked_and_stands_in_no_ledger(receiver):
    endpoint = endpoint_at(receiver.url(), events=["claim.held"])
    webhooks.send_test(endpoint_id=endpoint.pk, now=SteppedClock()())
    send()

    assert b'"type":"test"' in receiver.posts[0].body and b"seq" not in receiver.posts[0].body
    assert not Change.objects.exists() and only_delivery().change_id is None


def test_what_waits_or_belongs_to_an_endpoint_that_is_off_is_not_sent_again(receiver):
    clock = SteppedClock()
    endpoint = endpoint_at(receiver.url())
    delivery = webhooks.send_test(endpoint_id=endpoint.pk, now=clock())
    with pytest.raises(DeliveryRefused, match="waits"):
        webhooks.replay_delivery(delivery_id=delivery.pk)

    webhooks.edit_endpoint(endpoint_id=endpoint.pk, version=1, is_enabled=False, now=clock())
    assert only_delivery().state == "failed"
    for refused in (
        lambda: webhooks.replay_delivery(delivery_id=delivery.pk),
        lambda: webhooks.send_test(endpoint_id=endpoint.pk, now=clock()),
    ):
        with pytest.raises(DeliveryRefused) as refusal:
            refused()
        assert refusal.value.code == "endpoint_disabled"
    send(clock)
    assert receiver.posts == []


def test_an_edit_of_an_older_version_changes_nothing(receiver):
    endpoint = endpoint_at(receiver.url())
    webhooks.edit_endpoint(endpoint_id=endpoint.pk, version=1, description="CMS", now=SteppedClock()())
    with pytest.raises(EndpointStale) as refusal:
        webhooks.edit_endpoint(endpoint_id=endpoint.pk, version=1, description="Search", now=SteppedClock()())

    assert refusal.value.facts["current"] == 2
    assert Endpoint.objects.get().description == "CMS"


def test_a_deleted_endpoint_takes_its_log_along_and_a_late_record_does_no_harm(receiver):
    endpoint = endpoint_at(receiver.url())
    published()
    receiver.answers["/hook"] = Answer(meanwhile=lambda: None)
    webhooks.delete_endpoint(endpoint_id=endpoint.pk)
    send()

    assert not Delivery.objects.exists() and receiver.posts == []


def test_each_attempt_asks_where_the_name_leads_and_refuses_an_inner_address(settings):
    """A name that was public when the endpoint was made, and leads inside by the second attempt."""
    resolver = CountingResolver({"site.example": ["127.0.0.1"]})
    with secure("good") as site:
        site.answers["/hook"] = answer(b"wait", status="500 Oh")
        settings.FETCH_ALLOWED_ORIGIN = site.origin
        settings.FETCH_CA_FILE, settings.FETCH_PORTS = str(AUTHORITY), [443, site.port]
        endpoint_at(f"https://site.example:{site.port}/hook")
        published()
        clock = SteppedClock()
        send(clock, resolver=resolver)
        resolver.answers["site.example"] = ["10.0.0.1"]
        clock.step(minutes=1)
        send(clock, resolver=resolver)

    outcomes = list(only_delivery().attempts.order_by("number").values_list("outcome", "http_status", "reason"))
    assert [outcome[:2] for outcome in outcomes] == [("server_error", 500), ("blocked", None)]
    assert "10.0" not in outcomes[1][2]
    assert (len(site.bodies), resolver.asked) == (1, ["site.example"] * 2)


def test_our_own_host_is_asked_about_at_each_attempt_too(settings, receiver):
    endpoint_at("https://cms.example/hook")
    published()
    settings.SITE_URL = "https://cms.example"
    send()

    assert "own host" in only_delivery().attempts.get().reason
