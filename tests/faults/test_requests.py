"""A web process killed after its commit: the answer is given when it is asked for again, and the work is done."""

import os
import signal

import pytest

from claims.admin.desk.evidence import look_soon
from claims.models import Claim, IdempotencyRecord
from sources.models import Source
from sources.wake import circuit
from tests.claims.api.conftest import by_key
from tests.factories import ApiClientFactory, ReviewerFactory
from tests.faults.plant import TEXT, due, looks, wait_for

pytestmark = pytest.mark.xdist_group("faults")


def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_request_killed_between_its_commit_and_its_answer_is_answered_when_it_is_sent_again(plant):
    key = by_key(ApiClientFactory())
    Claim.objects.filter(text="A pier.").delete()

    def send():
        return key.post("/api/v1/claims", {"text": "A pier."}, format="json", headers={"Idempotency-Key": "one"})

    assert plant.fork(lambda: die(send())).wait() == -signal.SIGKILL
    first = IdempotencyRecord.objects.get(key="one")
    answer = send()

    assert answer.status_code == 201
    assert answer.content.decode() == first.body
    assert Claim.objects.filter(text="A pier.").count() == 1


def test_a_request_killed_between_its_commit_and_its_message_is_served_by_the_sweep(plant):
    (source,) = due(plant.site.says("/asked", TEXT, TEXT))
    Source.objects.update(next_check_at=None)
    reviewer = ReviewerFactory()

    def request():
        circuit.ask = die
        look_soon(source, reviewer)

    assert plant.fork(request).wait() == -signal.SIGKILL

    source.refresh_from_db()
    assert source.next_check_reason == f"asked for by {reviewer}"
    plant.sweeper()
    wait_for(lambda: looks(source), "the look")
