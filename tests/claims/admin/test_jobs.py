"""The page of the background work: what was given up is queued again by a person, and trouble is said."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from sources.models import Source
from sources.services.workers import see_worker
from sources.wake import circuit
from tests.factories import EditorFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(monkeypatch):
    """A broker that answers, or not."""

    class Broker:
        answers = True

        def ping(self):
            if not self.answers:
                raise ConnectionError

    made = Broker()
    circuit.close()
    monkeypatch.setattr("sources.wake.ping_broker", made.ping)
    yield made
    circuit.close()


@pytest.fixture
def given_up():
    reason = "given up: 5 looks in a row left no outcome"
    return SourceFactory(next_check_reason=reason, attempts_without_outcome=5)


def page(client):
    return html.unescape(client.get(reverse("desk-jobs")).content.decode())


def test_what_was_given_up_is_listed_with_its_reason_and_queued_again(at_desk, given_up, broker):
    assert "Given up: 5 looks in a row left no outcome." in page(at_desk)

    answer = at_desk.post(reverse("desk-job-requeue", args=[given_up.pk]), follow=True)

    assert "Queued again" in html.unescape(answer.content.decode())
    assert list(Source.objects.due()) == [given_up]
    again = at_desk.post(reverse("desk-job-requeue", args=[given_up.pk]), follow=True)
    assert "no longer given up" in html.unescape(again.content.decode())


def test_a_look_is_queued_again_only_by_a_form_of_our_own_and_by_who_works_at_the_desk(given_up, reviewer, as_user):
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(reviewer)
    address = reverse("desk-job-requeue", args=[given_up.pk])

    assert stranger.post(address).status_code == 403
    assert as_user(EditorFactory()).post(address).status_code == 403
    assert as_user(reviewer).get(address).status_code == 405
    assert list(Source.objects.given_up()) == [given_up]


def test_the_page_says_who_is_not_at_work(at_desk, broker):
    see_worker(name="now@desk", serves=["now", "timetable"])
    assert "Nobody is at work on looks on schedule." in page(at_desk)
    assert "The broker does not answer" not in page(at_desk)

    see_worker(name="checks@desk", serves=["checks"])
    broker.answers = False

    assert "Nobody is at work" not in page(at_desk)
    assert "The broker does not answer" in page(at_desk)


def test_readiness_is_degraded_without_a_broker_or_a_worker_and_the_site_is_healthy_all_the_same(client, broker):
    assert client.get("/readyz").json() == {
        "status": "degraded", "broker": "answers", "unserved": ["checks", "now", "timetable"],
    }  # fmt: skip
    see_worker(name="all@desk", serves=["checks", "now", "timetable"])
    assert client.get("/readyz").json()["status"] == "ok"

    broker.answers = False

    assert client.get("/readyz").json() == {"status": "degraded", "broker": "away", "unserved": []}
    assert client.get("/healthz").json()["status"] == "ok"
