"""Creating once: the same Idempotency-Key gets the same answer, one after the other and at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from rest_framework.test import APIClient

from claims.models import Claim, IdempotencyRecord
from claims.services.idempotency import KEPT_FOR
from tests.factories import PASSAGE, ApiClientFactory, ClaimFactory, SnapshotFactory

from .conftest import by_key, caller, is_problem

CLAIMS = "/api/v1/claims"


@pytest.mark.django_db
@pytest.mark.parametrize("again", ['"one"', "one"])
def test_the_same_request_is_done_once_and_answered_alike(key, again):
    first = key.post(CLAIMS, {"text": "A pier."}, format="json", headers={"Idempotency-Key": '"one"'})
    second = key.post(CLAIMS, {"text": "A pier."}, format="json", headers={"Idempotency-Key": again})

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert (first["Location"], first["ETag"]) == (second["Location"], second["ETag"])
    assert Claim.objects.count() == 1


@pytest.mark.django_db
def test_a_key_used_with_another_body_is_refused(key):
    key.post(CLAIMS, {"text": "A pier."}, format="json", headers={"Idempotency-Key": "one"})
    other = key.post(CLAIMS, {"text": "Two piers."}, format="json", headers={"Idempotency-Key": "one"})

    is_problem(other, 422, "key_reused")
    assert Claim.objects.count() == 1


@pytest.mark.django_db
def test_a_key_belongs_to_one_caller_and_one_address(key):
    claim = ClaimFactory()
    for client in (key, caller("key"), caller("reviewer")):
        assert client.post(CLAIMS, {"text": "A."}, format="json", headers={"Idempotency-Key": "k"}).status_code == 201
    notes = key.post(f"{CLAIMS}/{claim.code}/notes", {"text": "A."}, format="json", headers={"Idempotency-Key": "k"})
    assert notes.status_code == 201
    assert IdempotencyRecord.objects.count() == 4


@pytest.mark.django_db
def test_a_request_that_is_still_running_answers_409(key):
    key.post(CLAIMS, {"text": "A pier."}, format="json", headers={"Idempotency-Key": "one"})
    IdempotencyRecord.objects.update(status=0, body="")

    again = key.post(CLAIMS, {"text": "A pier."}, format="json", headers={"Idempotency-Key": "one"})
    is_problem(again, 409, "in_progress")
    assert Claim.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_request_may_be_sent_again_with_its_key(key):
    headers = {"Idempotency-Key": "one"}
    claim, body = ClaimFactory(), {"quote": PASSAGE, "stance": "supports", "snapshot": SnapshotFactory(text="No.").pk}
    address = f"{CLAIMS}/{claim.code}/evidence"
    is_problem(key.post(address, body, format="json", headers=headers), 400, "quote_not_found")
    assert not IdempotencyRecord.objects.exists()
    body["snapshot"] = SnapshotFactory().pk
    assert key.post(address, body, format="json", headers=headers).status_code == 201


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day(key):
    key.post(CLAIMS, {"text": "A pier."}, format="json", headers={"Idempotency-Key": "one"})
    record = IdempotencyRecord.objects.get()
    IdempotencyRecord.objects.update(created_at=record.created_at - KEPT_FOR)

    assert key.post(CLAIMS, {"text": "B."}, format="json", headers={"Idempotency-Key": "one"}).status_code == 201
    assert Claim.objects.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_parallel_equal_requests_make_one_claim():
    client = by_key(ApiClientFactory())
    header = client._credentials

    def send(_):
        try:
            return APIClient().post(
                "/api/v1/claims", {"text": "A pier."}, format="json", headers={"Idempotency-Key": "one"}, **header
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.content for a in answers if a.status_code == 201}) == 1
    assert Claim.objects.count() == IdempotencyRecord.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_parallel_edits_of_one_version_one_wins():
    claim = ClaimFactory()
    header = by_key(ApiClientFactory())._credentials

    def send(number):
        try:
            return APIClient().patch(
                f"{CLAIMS}/{claim.code}",
                {"text": f"Pier {number}."},
                format="json",
                headers={"If-Match": '"v1"'},
                **header,
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(24)))
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 23]
    won = next(answer for answer in answers if answer.status_code == 200)
    claim.refresh_from_db()
    assert (claim.text, claim.version) == (won.json()["text"], 2)
