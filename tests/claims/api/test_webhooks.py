"""Webhooks over HTTP: made with a secret shown once, edited by version, tried out, and sent again from the log."""

import pytest
from standardwebhooks import Webhook

from claims.models import Delivery, Endpoint, IdempotencyRecord
from claims.services import webhooks
from tests.claims.receivers import Answer, Receiver, SteppedClock, endpoint_at, send
from tests.factories import ApiClientFactory, ClaimFactory, DeskLeadFactory, TopicFactory, published

from .conftest import by_key, by_session, caller, is_problem

pytestmark = pytest.mark.django_db

WEBHOOKS = "/api/v1/webhooks"
HOOK = "https://cms.example/hooks/factcheck"


@pytest.fixture
def receiver(settings):
    made = Receiver()
    settings.FETCH_ALLOWED_ORIGIN = made.origin
    yield made
    made.close()


@pytest.fixture
def owner():
    return ApiClientFactory()


@pytest.fixture
def client(owner):
    return by_key(owner, ["webhooks"])


def made(client, **members):
    answer = client.post(WEBHOOKS, {"url": HOOK, **members}, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("nobody", 401, "not_authenticated"),
        ("editor", 403, "forbidden"),
        ("reviewer", 403, "forbidden"),
        ("key", 403, "forbidden"),
        ("key that reads", 403, "forbidden"),
        ("expired key", 401, "not_authenticated"),
    ],
)
def test_webhooks_take_a_key_with_the_scope_or_a_desk_lead(who, status, code):
    endpoint = endpoint_at(HOOK)
    client = caller(who)
    for method, path in [
        ("get", ""), ("post", ""), ("get", f"/{endpoint.pk}"), ("patch", f"/{endpoint.pk}"),
        ("delete", f"/{endpoint.pk}"), ("post", f"/{endpoint.pk}:rotate"), ("post", f"/{endpoint.pk}:test"),
        ("get", f"/{endpoint.pk}/deliveries"), ("post", f"/{endpoint.pk}/deliveries/1:replay"),
    ]:  # fmt: skip
        is_problem(getattr(client, method)(WEBHOOKS + path, {}, format="json"), status, code)
    assert caller("desk lead").get(WEBHOOKS).status_code == 200


def test_an_endpoint_is_made_with_its_filters_and_a_secret_that_is_shown_once(client):
    topic, claim = TopicFactory(), published()
    answer = client.post(
        WEBHOOKS,
        {"url": HOOK, "events": ["claim.held"], "topics": [topic.slug], "claims": [claim.code.lower()]},
        format="json",
    )

    body = answer.json()
    assert answer["Location"].endswith(f"{WEBHOOKS}/{body['id']}") and answer["ETag"] == '"v1"'
    assert (body["url"], body["events"], body["topics"], body["claims"]) == (
        HOOK, ["claim.held"], [topic.slug], [claim.code],
    )  # fmt: skip
    assert webhooks.secret_of(Endpoint.objects.get()) == body["secret"]
    assert body["secret"].startswith("whsec_")
    later = client.get(f"{WEBHOOKS}/{body['id']}")
    assert "secret" not in later.json() and later["ETag"] == '"v1"'


def test_a_repeated_request_gets_the_same_secret_which_is_not_stored_in_the_clear(client):
    headers = {"Idempotency-Key": '"one"'}
    first = client.post(WEBHOOKS, {"url": HOOK}, format="json", headers=headers)
    again = client.post(WEBHOOKS, {"url": HOOK}, format="json", headers=headers)

    assert first.json() == again.json() and first.json()["secret"]
    assert Endpoint.objects.count() == 1
    assert "whsec_" not in IdempotencyRecord.objects.get().body


@pytest.mark.parametrize(
    ("members", "field", "code"),
    [
        ({"url": "http://cms.example/"}, "url", "url_not_allowed"),
        ({"url": "https://10.0.0.1/"}, "url", "url_not_allowed"),
        ({"url": "https://desk.example/"}, "url", "url_not_allowed"),
        ({"url": ""}, "url", "required"),
        ({"events": ["claim.exploded"]}, "events", None),
        ({"topics": ["no-such"]}, "topics", "does_not_exist"),
        ({"claims": ["7K3M-Q9TX"]}, "claims", "does_not_exist"),
        ({"secret": "whsec_mine"}, "secret", "unknown_field"),
        ({"is_enabled": False}, "is_enabled", "unknown_field"),
    ],
)
def test_a_wrong_endpoint_is_refused_field_by_field(client, settings, members, field, code):
    settings.SITE_URL = "https://desk.example"
    answer = client.post(WEBHOOKS, {"url": HOOK, **members}, format="json")

    assert answer.status_code == 400
    assert any(name.partition(".")[0] == field for name in answer.json()["errors"])
    if code not in (None, "required"):
        assert code in str(answer.json())
    assert not Endpoint.objects.exists()


def test_an_eleventh_endpoint_is_refused(client):
    for number in range(10):
        made(client, url=f"{HOOK}/{number}")
    is_problem(client.post(WEBHOOKS, {"url": HOOK}, format="json"), 400, "limit_reached")


def test_an_unpublished_claim_cannot_be_asked_for_by_somebody_who_does_not_see_it(client):
    outsider = by_key(DeskLeadFactory(is_staff=False), ["webhooks"])
    outsider_owner = Endpoint._meta.get_field("owner").related_model.objects.latest("pk")
    outsider_owner.groups.clear()
    hidden = ClaimFactory()

    is_problem(outsider.post(WEBHOOKS, {"url": HOOK, "claims": [hidden.code]}, format="json"), 400, "does_not_exist")


def test_an_endpoint_is_its_owners_and_a_desk_leads_and_nobody_elses(client):
    pk = made(client)["id"]
    other = by_key(ApiClientFactory(), ["webhooks"])

    assert other.get(WEBHOOKS).json()["results"] == []
    for method, path in [("get", ""), ("patch", ""), ("delete", ""), ("post", ":test"), ("get", "/deliveries")]:
        is_problem(getattr(other, method)(f"{WEBHOOKS}/{pk}{path}", {}, format="json"), 404, "not_found")
    lead = by_session(DeskLeadFactory())
    assert [row["id"] for row in lead.get(WEBHOOKS).json()["results"]] == [pk]


def test_an_edit_names_the_version_it_read(client):
    pk = made(client)["id"]
    address = f"{WEBHOOKS}/{pk}"

    is_problem(client.patch(address, {"description": "CMS"}, format="json"), 428, "precondition_required")
    edited = client.patch(address, {"is_enabled": False}, format="json", headers={"If-Match": '"v1"'})
    assert (edited.status_code, edited["ETag"], edited.json()["disabled_reason"]) == (200, '"v2"', "person")
    stale = client.patch(address, {"description": "CMS"}, format="json", headers={"If-Match": '"v1"'})
    assert is_problem(stale, 412, "version_conflict")["current"] == 2
    is_problem(client.post(f"{address}:test", {}, format="json"), 409, "endpoint_disabled")
    on = client.patch(address, {"is_enabled": True, "events": []}, format="json", headers={"If-Match": '"v2"'})
    assert on.json()["is_enabled"] is True and on.json()["disabled_reason"] == ""


def test_a_test_arrives_and_the_log_tells_of_it_and_sends_it_again(client, receiver):
    receiver.answers["/hook"] = Answer(status=500, body=b"out of order")
    endpoint = made(client, url=receiver.url())
    address = f"{WEBHOOKS}/{endpoint['id']}"
    queued = client.post(f"{address}:test", {}, format="json")
    assert queued.status_code == 202 and queued.json()["state"] == "waiting"
    for _ in range(10):
        send()
        Delivery.objects.filter(state="waiting").update(next_attempt_at=SteppedClock()())

    (row,) = client.get(f"{address}/deliveries?state=failed").json()["results"]
    assert (row["event"], row["seq"], row["tries"]) == ("test", None, 10)
    log = client.get(f"{address}/deliveries/{row['id']}").json()
    assert [attempt["number"] for attempt in log["attempts"]] == list(range(10, 0, -1))
    assert (log["attempts"][0]["http_status"], log["attempts"][0]["response"]) == (500, "out of order")
    Webhook(endpoint["secret"]).verify(receiver.posts[0].body, receiver.posts[0].headers)
    assert receiver.posts[0].body.decode() == log["body"]

    receiver.answers.clear()
    again = client.post(f"{address}/deliveries/{row['id']}:replay", {}, format="json")
    assert again.status_code == 202 and again.json()["message_id"] == row["message_id"]
    is_problem(client.post(f"{address}/deliveries/{row['id']}:replay", {}, format="json"), 409, "delivery_waits")
    send()
    assert client.get(f"{address}/deliveries/{row['id']}").json()["state"] == "delivered"


def test_a_new_secret_is_shown_once(client):
    endpoint = made(client)
    turned = client.post(f"{WEBHOOKS}/{endpoint['id']}:rotate", {}, format="json").json()

    assert turned["secret"] != endpoint["secret"] and turned["old_secret_until"]
    assert "secret" not in client.get(f"{WEBHOOKS}/{endpoint['id']}").json()


def test_a_deleted_endpoint_is_gone_with_its_log(client):
    pk = made(client)["id"]
    published()
    assert Delivery.objects.count() == 1

    assert client.delete(f"{WEBHOOKS}/{pk}").status_code == 204
    is_problem(client.get(f"{WEBHOOKS}/{pk}"), 404, "not_found")
    assert not Delivery.objects.exists()


def test_the_list_takes_the_same_few_queries_however_long_it_is(client, django_assert_max_num_queries):
    topic = TopicFactory()
    for number in range(8):
        made(client, url=f"{HOOK}/{number}", topics=[topic.slug])
    with django_assert_max_num_queries(7):
        assert len(client.get(WEBHOOKS).json()["results"]) == 8
