"""Equal requests at once: one row, one answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from rest_framework.test import APIClient

from claims.models import Claim, IdempotencyRecord
from tests.factories import ApiClientFactory

from .conftest import by_key


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_parallel_equal_requests_make_one_claim():
    if connections["default"].vendor == "sqlite" and connections["default"].is_in_memory_db():
        pytest.skip("threads need a database of their own connections")
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
