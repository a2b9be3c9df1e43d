"""What is counted over HTTP: submissions by key or person, anonymous reads by address."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Article, Claim
from claims.services.limits import in_memory
from tests.factories import NOW, ApiClientFactory, DeskLeadFactory, ReviewerFactory, published, with_evidence

from .conftest import by_key, by_session, caller, is_problem

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    in_memory.clear()
    return time_machine


@pytest.fixture
def submissions(settings):
    settings.SUBMISSIONS_PER_MINUTE, settings.SUBMISSIONS_PER_DAY = 10, 200


def draft(client, text="The pier is 40 metres long.", **headers):
    return client.post(CLAIMS, {"text": text}, format="json", headers=headers)


def test_the_eleventh_submission_in_a_minute_waits_for_the_windows_end(submissions, clock):
    client = by_key(ApiClientFactory())
    assert {draft(client).status_code for _ in range(10)} == {201}
    clock.shift(18.5)
    refused = draft(client)

    body = is_problem(refused, 429, "rate_limited")
    assert (refused["Retry-After"], body["retry_after"], body["limit"], body["window"]) == ("42", 42, 10, 60)
    assert refused["RateLimit"] == '"default";r=0;t=42'
    assert Claim.objects.count() == 10
    clock.shift(41)
    assert draft(client)["Retry-After"] == "1"
    clock.shift(1)
    assert draft(client).status_code == 201


def test_the_day_has_its_own_limit(settings, clock):
    settings.SUBMISSIONS_PER_MINUTE, settings.SUBMISSIONS_PER_DAY = 2, 3
    client = by_key(ApiClientFactory())
    for _ in range(3):
        assert draft(client).status_code == 201
        clock.shift(60)
    refused = draft(client)

    is_problem(refused, 429, "rate_limited")
    assert refused["Retry-After"] == str(24 * 3600 - 180)


def test_each_key_and_each_person_is_counted_apart(submissions):
    owner = ReviewerFactory()
    for client in (by_key(owner), by_key(owner), by_session(owner), by_session(DeskLeadFactory())):
        assert [draft(client).status_code for _ in range(11)] == [201] * 10 + [429]


def test_every_kind_of_submission_counts_and_what_is_no_submission_does_not(settings):
    settings.SUBMISSIONS_PER_MINUTE = 4
    key, claim = caller("key"), published()
    for _ in range(5):
        assert key.post(f"{CLAIMS}:status", {"ids": [claim.code]}, format="json").status_code == 200
        assert key.get(CLAIMS).status_code == 200
        is_problem(key.post(CLAIMS, {}, format="json"), 400, "required")
    assert draft(key).status_code == 201
    assert key.post(f"{CLAIMS}/{claim.code}/notes", {"text": "Phone."}, format="json").status_code == 201
    assert key.post("/api/v1/sources", {"url": "https://tidewater.example/b"}, format="json").status_code == 201
    file = SimpleUploadedFile("a.txt", b"The pier is 40 metres long, the harbour office said on Monday.")
    assert key.post("/api/v1/articles", {"file": file}, format="multipart").status_code == 201
    file.seek(0)
    is_problem(key.post("/api/v1/articles", {"file": file}, format="multipart"), 429, "rate_limited")
    is_problem(draft(key), 429, "rate_limited")
    assert (Article.objects.count(), Claim.objects.count()) == (1, 2)


def test_a_submission_that_is_undone_has_counted_all_the_same(settings):
    settings.SUBMISSIONS_PER_MINUTE = 1
    key, claim = caller("key"), with_evidence()
    body = {"quote": "Not in it.", "stance": "supports", "snapshot": claim.evidence.get().snapshot_id}
    address = f"{CLAIMS}/{claim.code}/evidence"
    is_problem(key.post(address, body, format="json"), 400, "quote_not_found")
    is_problem(key.post(address, body, format="json"), 429, "rate_limited")


@pytest.mark.parametrize("in_rows", [False, True])
@pytest.mark.parametrize("path", ["claims", "claims/{code}", "changes", "topics", "claims/7K3M-Q9TX"])
def test_anonymous_reads_are_limited_by_address_whatever_they_read(settings, anyone, path, in_rows):
    settings.READS_PER_MINUTE, settings.READS_COUNTED_IN_MEMORY = 3, not in_rows
    address = "/api/v1/" + path.format(code=published().code)
    assert 429 not in {anyone.get(address).status_code for _ in range(3)}
    refused = anyone.get(address)

    is_problem(refused, 429, "rate_limited")
    assert refused["Retry-After"] == "60"
    is_problem(anyone.get(address, HTTP_X_FORWARDED_FOR="192.0.2.7"), 429, "rate_limited")
    assert anyone.get(address, REMOTE_ADDR="192.0.2.7").status_code != 429
    for who in ("key", "reviewer", "editor"):
        assert caller(who).get(address).status_code != 429


def test_the_document_which_asks_nobody_who_they_are_is_limited_for_all(settings, anyone):
    settings.READS_PER_MINUTE = 1
    assert anyone.get("/api/v1/openapi.json").status_code == 200
    is_problem(caller("key").get("/api/v1/openapi.json"), 429, "rate_limited")


def test_a_made_up_session_is_anonymous(settings, anyone):
    settings.READS_PER_MINUTE = 3
    anyone.cookies[settings.SESSION_COOKIE_NAME] = "made-up"
    assert [anyone.get(CLAIMS).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_read_that_is_answered_the_slow_way_counts_once(settings, anyone):
    settings.READS_PER_MINUTE = 3
    nowhere = f"{CLAIMS}/7K3M-Q9TX"
    assert [anyone.get(nowhere).status_code for _ in range(4)] == [404, 404, 404, 429]
    assert [anyone.post(f"{CLAIMS}:status", {"ids": ["x"]}, format="json").status_code] == [429]
