"""The webhooks' pages: for desk leads, a secret shown once, a log that can be sent again, trouble that is said."""

import html

import pytest
from django.urls import reverse

from claims.models import Delivery, Endpoint
from claims.services import webhooks
from tests.claims.receivers import Answer, Receiver, SteppedClock, endpoint_at, only_delivery, send
from tests.factories import NOW, published

pytestmark = pytest.mark.django_db

HOOK = "https://cms.example/hooks/factcheck"


@pytest.fixture
def receiver(settings):
    made = Receiver()
    settings.FETCH_ALLOWED_ORIGIN = made.origin
    yield made
    made.close()


@pytest.fixture
def at_lead(as_user, lead):
    return as_user(lead)


def page(client, name, *args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_only_desk_leads_open_them(at_desk, at_lead, client):
    endpoint = endpoint_at(HOOK)
    published()
    delivery = only_delivery()
    for name, args in [
        ("desk-webhooks", []),
        ("desk-webhook-new", []),
        ("desk-webhook", [endpoint.pk]),
        ("desk-webhook-delete", [endpoint.pk]),
        ("desk-webhook-delivery", [endpoint.pk, delivery.pk]),
    ]:
        address = reverse(name, args=args)
        assert at_desk.get(address).status_code == 403
        assert at_lead.get(address).status_code == 200
        assert client.get(address).status_code == 302
    assert "Webhooks" not in page(at_desk, "desk")
    for name in ("rotate", "test", "switch"):
        assert at_desk.post(reverse(f"desk-webhook-{name}", args=[endpoint.pk])).status_code == 403
        assert at_lead.get(reverse(f"desk-webhook-{name}", args=[endpoint.pk])).status_code == 405
    assert at_desk.post(reverse("desk-webhook-delete", args=[endpoint.pk])).status_code == 403
    assert Endpoint.objects.exists()


def test_a_new_webhook_shows_its_secret_once(at_lead, lead):
    claim = published()
    answer = at_lead.post(
        reverse("desk-webhook-new"), {"url": HOOK, "events": ["claim.held"], "claims": claim.code.lower()}
    )

    endpoint = Endpoint.objects.get()
    secret = webhooks.secret_of(endpoint)
    assert secret in html.unescape(answer.content.decode())
    assert (endpoint.owner, endpoint.events, list(endpoint.claims.all())) == (lead, ["claim.held"], [claim])
    for name, args in [("desk-webhooks", []), ("desk-webhook", [endpoint.pk])]:
        assert secret not in page(at_lead, name, *args)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": "http://cms.example/"}, "starts with https://"),
        ({"url": ""}, "address"),
        ({"url": HOOK, "claims": "0000-0000"}, "There is no claim 0000-0000"),
        ({"url": HOOK, "events": ["claim.exploded"]}, "not one of the available choices"),
    ],
)
def test_a_refusal_stands_beside_what_was_typed(at_lead, given, said):
    answer = at_lead.post(reverse("desk-webhook-new"), given)

    assert answer.status_code == 400
    assert said in html.unescape(answer.content.decode())
    assert not Endpoint.objects.exists()


def test_the_log_shows_what_came_back_and_sends_it_again(at_lead, receiver):
    receiver.answers["/hook"] = Answer(status=410, body=b"<b>moved away</b>")
    endpoint = endpoint_at(receiver.url())
    at_lead.post(reverse("desk-webhook-test", args=[endpoint.pk]))
    send()
    delivery = only_delivery()

    shown = page(at_lead, "desk-webhook-delivery", endpoint.pk, delivery.pk)
    assert delivery.message_id in shown and "410" in shown and delivery.body in shown
    raw = at_lead.get(reverse("desk-webhook-delivery", args=[endpoint.pk, delivery.pk])).content.decode()
    assert "&lt;b&gt;moved away" in raw
    assert "Switched off" in page(at_lead, "desk-webhooks")
    assert "What it missed is in the ledger" in page(at_lead, "desk-webhook", endpoint.pk)

    receiver.answers.clear()
    at_lead.post(reverse("desk-webhook-switch", args=[endpoint.pk]))
    at_lead.post(reverse("desk-webhook-replay", args=[endpoint.pk, delivery.pk]))
    send()
    assert only_delivery().state == "delivered"


def test_an_edit_of_an_older_version_is_kept_in_the_form(at_lead):
    endpoint = endpoint_at(HOOK)
    webhooks.edit_endpoint(endpoint_id=endpoint.pk, version=1, description="Search", now=NOW)
    address = reverse("desk-webhook", args=[endpoint.pk])

    stale = at_lead.post(address, {"version": 1, "url": HOOK, "description": "The CMS"})
    said = html.unescape(stale.content.decode())
    assert stale.status_code == 412 and "Save mine on top" in said and "The CMS" in said
    assert at_lead.post(address, {"version": 2, "url": HOOK, "description": "The CMS"}).status_code == 302
    assert Endpoint.objects.get().description == "The CMS"


def test_it_is_deleted_after_a_question(at_lead):
    endpoint = endpoint_at(HOOK)
    published()
    address = reverse("desk-webhook-delete", args=[endpoint.pk])

    assert "its log of 1 delivery" in page(at_lead, "desk-webhook-delete", endpoint.pk)
    assert Endpoint.objects.exists()
    at_lead.post(address)
    assert not Endpoint.objects.exists() and not Delivery.objects.exists()


def test_a_long_log_takes_a_few_queries(at_lead, django_assert_max_num_queries):
    endpoint = endpoint_at(HOOK)
    for _ in range(12):
        webhooks.send_test(endpoint_id=endpoint.pk, now=SteppedClock()())
    with django_assert_max_num_queries(18):
        page(at_lead, "desk-webhook", endpoint.pk)
