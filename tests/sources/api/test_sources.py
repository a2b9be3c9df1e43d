"""Sources over HTTP: for the desk, with their link state, their checks and what they said."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from claims.services.access import issue_key
from sources.models import Source, SourceCheck
from tests.factories import NOW, ApiClientFactory, PublisherFactory, SnapshotFactory, SourceFactory

pytestmark = pytest.mark.django_db
SOURCES = "/api/v1/sources"


@pytest.fixture
def desk():
    _, key = issue_key(name="desk", owner=ApiClientFactory(), scopes=["read"], now=timezone.now())
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


def checked(source: Source, number: int) -> SourceCheck:
    return SourceCheck.objects.create(
        source=source, attempt=number, checked_at=NOW + timedelta(hours=number), outcome="ok", link_state="live"
    )


def test_a_source_is_read_with_its_checks_and_snapshots(desk):
    snapshot = SnapshotFactory(source=SourceFactory(link_state="live"))
    for number in range(3):
        checked(snapshot.source, number)

    answer = desk.get(f"{SOURCES}/{snapshot.source_id}").json()

    assert answer["link_state"] == "live"
    assert [check["checked_at"] for check in answer["checks"]] == sorted(
        (check["checked_at"] for check in answer["checks"]), reverse=True
    )
    assert answer["snapshots"][0]["id"] == snapshot.pk and "text" not in answer["snapshots"][0]
    assert desk.get(f"/api/v1/snapshots/{snapshot.pk}").json()["text"] == snapshot.text
    page = desk.get(f"{SOURCES}/{snapshot.source_id}/checks?page_size=2").json()
    assert len(page["results"]) == 2 and len(desk.get(page["next"]).json()["results"]) == 1


def test_sources_are_listed_in_a_fixed_number_of_queries(desk):
    SourceFactory(publisher=PublisherFactory())
    desk.get(SOURCES)
    with CaptureQueriesContext(connection) as few:
        desk.get(SOURCES)
    for _ in range(5):
        SourceFactory(publisher=PublisherFactory())
    with CaptureQueriesContext(connection) as many:
        assert len(desk.get(SOURCES).json()["results"]) == 6
    assert len(few) == len(many)


@pytest.mark.parametrize(("filters", "count"), [("link_state=dead", 1), ("kind=report", 1), ("kind=dataset", 0)])
def test_sources_are_filtered(desk, filters, count):
    SourceFactory(link_state="dead")
    SourceFactory(kind="report")
    assert len(desk.get(f"{SOURCES}?{filters}").json()["results"]) == count


@pytest.mark.parametrize("filters", ["link_state=gone", "registered_by__password=x", "page=2"])
def test_an_unknown_filter_is_refused(desk, filters):
    answer = desk.get(f"{SOURCES}?{filters}")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


def test_the_list_of_sources_is_the_desks():
    assert APIClient().get(SOURCES).status_code == 401


@pytest.mark.parametrize("path", ["", "/checks"])
def test_a_source_no_published_claim_quotes_is_to_others_as_one_that_is_not_there(path):
    source = SourceFactory()

    assert APIClient().get(f"{SOURCES}/{source.pk}{path}").status_code == 404
