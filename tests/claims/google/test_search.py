"""claims:search, as Google's clients ask it: what a naive endpoint gets wrong."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from claims.services import access
from claims.services.intake import add_appearance
from claims.services.limits import in_memory
from tests.claims.stories import corrected, held, withdrawn
from tests.factories import (
    NOW,
    ApiClientFactory,
    ClaimantFactory,
    ClaimFactory,
    SnapshotFactory,
    SourceFactory,
    decided,
    published,
    with_evidence,
)

from .discovery import SEARCH, valid

pytestmark = pytest.mark.django_db
SEARCHED = "/v1alpha1/claims:search"


@pytest.fixture(autouse=True)
def _desk(settings):
    settings.SITE_NAME, settings.SITE_URL = "Fact Desk", "https://www.factdesk.example"


def told(text="The ferry line cancelled 28 of its 48 crossings.", **given):
    return published(decided(with_evidence(ClaimFactory(text=text, **given))))


def search(client, status=200, **parameters):
    response = client.get(SEARCHED, parameters)
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/json")
    body = response.json()
    return valid(body, SEARCH) if status == 200 else body["error"]


def texts(answer):
    return [claim["text"] for claim in answer.get("claims", [])]


def test_a_hit_has_all_that_google_gives_and_nothing_else(client):
    claim = ClaimFactory(text="The ferry line cancelled 28 of its 48 crossings.", language="en-GB")
    claim.claimants.add(ClaimantFactory(name="Ole Brandt"))
    told(claim.text)
    claim = published(decided(with_evidence(claim)))

    found = search(client, query="Did the ferry line cancel 28 of 48 crossings?", key="AIza-of-google", alt="json")

    assert len(found["claims"]) == 2
    [hit] = [hit for hit in found["claims"] if "claimant" in hit]
    assert hit == {
        "text": "The ferry line cancelled 28 of its 48 crossings.",
        "claimant": "Ole Brandt",
        "claimReview": [
            {
                "publisher": {"name": "Fact Desk", "site": "factdesk.example"},
                "url": f"https://www.factdesk.example/claims/{claim.code}",
                "title": "Fact check: The ferry line cancelled 28 of its 48 crossings.",
                "reviewDate": "2026-03-02T09:00:00Z",
                "textualRating": "Correct",
                "languageCode": "en-GB",
            }
        ],
    }


def test_the_nearest_comes_first_and_what_shares_nothing_not_at_all(client):
    for text in ("The harbour has 48 cranes.", "The ferry line cancelled 28 of 48 crossings.", "Bread costs more."):
        told(text)

    assert texts(search(client, query="the ferry line cancelled 28 of 48 crossings"))[0].startswith("The ferry line")
    assert "Bread costs more." not in texts(search(client, query="ferry crossings cancelled"))
    assert search(client, query="zebra quagga okapi") == {}
    assert search(client, query="?!") == {}
    # 280 is not 28, and a word is found by how it begins.
    assert search(client, query="280") == {}
    assert texts(search(client, query="crane")) == ["The harbour has 48 cranes."]


def test_a_claim_says_when_it_was_made_by_its_earliest_appearance(client):
    claim = with_evidence()
    snapshot = SnapshotFactory(source=SourceFactory(), text="Earlier. 412 arrivals, said the harbour.")
    add_appearance(
        claim_id=claim.pk, snapshot_id=snapshot.pk, quote="412 arrivals", claimant=None,
        said_on=(NOW - timedelta(days=9)).date(), by=claim.drafted_by, now=NOW,
    )  # fmt: skip
    claim.refresh_from_db()
    published(decided(claim))

    assert search(client, query="412 arrivals")["claims"][0]["claimDate"] == "2026-02-21T00:00:00Z"


def test_only_what_stands_is_found_and_a_hold_is_said(client):
    claim = told()
    assert search(client, query="ferry crossings")["claims"][0]["claimReview"][0]["textualRating"] == "Correct"

    held(claim)
    assert (
        search(client, query="ferry crossings")["claims"][0]["claimReview"][0]["textualRating"] == "Correct (on hold)"
    )

    corrected(claim)
    assert search(client, query="ferry crossings")["claims"][0]["claimReview"][0]["textualRating"] == "Incorrect"

    withdrawn(claim)
    decided(with_evidence(ClaimFactory(text="The ferry has unpublished crossings.")))
    assert search(client, query="ferry crossings") == {}
    assert search(client, reviewPublisherSiteFilter="factdesk.example") == {}


@pytest.mark.parametrize("code", ["en", "en-US", "EN", "en_GB", "en-Latn-US"])
def test_the_region_of_a_language_is_ignored(client, code):
    told(language="en-GB"), told(language="de"), told(language="enm")

    found = search(client, query="ferry crossings", languageCode=code)
    assert [claim["claimReview"][0]["languageCode"] for claim in found["claims"]] == ["en-GB"]


def test_the_age_is_that_of_the_newest_review(client):
    told()
    with time_machine.travel(NOW + timedelta(days=10), tick=False):
        assert len(search(client, query="ferry crossings", maxAgeDays=11)["claims"]) == 1
        assert search(client, query="ferry crossings", maxAgeDays=9) == {}
        assert len(search(client, query="ferry crossings", maxAgeDays=2**31 - 1)["claims"]) == 1


@pytest.mark.parametrize(
    ("site", "count"),
    [
        ("factdesk.example", 1),
        ("www.factdesk.example", 1),
        ("HTTPS://FactDesk.example/", 1),
        ("nytimes.com", 0),
        ("example", 0),
        ("factdesk.example.evil.example", 0),
        ("http://[", 0),
    ],
)
def test_a_site_alone_is_a_question_too(client, site, count):
    told()

    assert len(search(client, reviewPublisherSiteFilter=site).get("claims", [])) == count


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": ""},
        {"query": " "},
        {"languageCode": "en"},
        {"query": "a\x00b"},
        {"query": "a", "pageSize": "ten"},
        {"query": "a", "pageSize": "-1"},
        {"query": "a", "pageSize": str(2**31)},
        {"query": "a", "offset": "-5"},
        {"query": "a", "offset": "٣"},
        {"query": "a", "maxAgeDays": "1e3"},
        {"query": "a", "pageToken": "CAo"},
        {"query": "a", "pageToken": "é" * 40},
        {"query": "a", "pageToken": "A" * 5000},
    ],
    ids=repr,
)
def test_what_is_wrong_is_said_in_googles_shape(client, wrong):
    error = search(client, 400, **wrong)

    assert (error["code"], error["status"], error["details"]) == (400, "INVALID_ARGUMENT", [])
    assert error["message"]


def test_a_token_holds_for_the_same_question_only(client):
    for number in range(5):
        told(f"The ferry line cancelled {number} crossings.")
    asked = {"query": "ferry crossings", "languageCode": "en", "pageSize": 2, "maxAgeDays": 9000}
    first = search(client, **asked)
    token = first["nextPageToken"]

    second = search(client, **asked, pageToken=token, alt="json", key="other", prettyPrint="false", offset="")
    third = search(client, **asked, pageToken=second["nextPageToken"])
    assert "nextPageToken" not in third
    assert len({*texts(first), *texts(second), *texts(third)}) == 5
    changed = ({"query": "ferry"}, {"pageSize": 3}, {"languageCode": "de"}, {"maxAgeDays": 8}, {"offset": 1})
    for change in (*changed, {"reviewPublisherSiteFilter": "factdesk.example"}):
        assert search(client, 400, **{**asked, **change, "pageToken": token})["status"] == "INVALID_ARGUMENT"


def test_an_offset_is_a_place_and_past_the_end_there_is_nothing(client):
    for number in range(3):
        told(f"The ferry line cancelled {number} crossings.")
    everything = texts(search(client, query="ferry", pageSize=100))

    assert texts(search(client, query="ferry", offset=1, pageSize=1)) == everything[1:2]
    assert search(client, query="ferry", pageSize=100, offset=100) == {}
    assert search(client, query="ferry", pageSize=100, offset=2**31 - 1) == {}
    assert len(texts(search(client, query="ferry", pageSize=2**31 - 1))) == 3
    assert len(texts(search(client, query="ferry", page_size=2))) == 2


def test_a_long_question_comes_as_a_form_that_means_get(client):
    told("המעבורת ביטלה 28 מתוך 48 הפלגות בינואר")
    filler = " ".join(f"מילה{number}" for number in range(390))
    form = urlencode({"query": f"המעבורת ביטלה 28 מתוך 48 הפלגות {filler}", "key": "k", "alt": "json"})

    response = client.post(
        SEARCHED, form, content_type="application/x-www-form-urlencoded", headers={"X-HTTP-Method-Override": "GET"}
    )
    assert texts(valid(response.json(), SEARCH)) == ["המעבורת ביטלה 28 מתוך 48 הפלגות בינואר"]
    assert client.post(SEARCHED, form, content_type="application/x-www-form-urlencoded").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [{}, {"key": "AIza"}, {"HTTP_X_GOOG_API_KEY": "AIza"}, {"HTTP_AUTHORIZATION": "Bearer ya29.x"}, {"key": "fck_é"}],
    ids=repr,
)
def test_without_a_key_of_ours_one_reads_as_anybody(client, settings, sent):
    told()
    settings.READS_PER_MINUTE = 1
    in_memory.clear()
    headers = {name: value for name, value in sent.items() if name != "key"}
    asked = {"query": "ferry", **({"key": sent["key"]} if "key" in sent else {})}

    assert texts(client.get(SEARCHED, asked, **headers).json())
    refused = client.get(SEARCHED, asked, **headers)
    error = refused.json()["error"]
    assert (refused.status_code, error["status"], error["details"]) == (429, "RESOURCE_EXHAUSTED", [])
    assert 0 < int(refused["Retry-After"]) <= 60


def test_a_key_of_ours_has_its_own_limit_and_one_that_ended_is_refused(client, settings):
    told()
    settings.READS_PER_MINUTE, settings.KEY_REQUESTS_PER_MINUTE = 1, 2
    in_memory.clear()
    record, key = access.issue_key(name="feed", owner=ApiClientFactory(), scopes=["read"], now=NOW)

    assert client.get(SEARCHED, {"query": "ferry", "key": key}).status_code == 200
    assert client.get(SEARCHED, {"query": "ferry"}, headers={"X-Goog-Api-Key": key}).status_code == 200
    assert client.get(SEARCHED, {"query": "ferry"}, headers={"Authorization": f"Bearer {key}"}).status_code == 429
    assert client.get(SEARCHED, {"query": "ferry"}).status_code == 200

    access.revoke_key(key_id=record.pk, now=NOW)
    refused = client.get(SEARCHED, {"query": "ferry", "key": key})
    assert (refused.status_code, refused.json()["error"]["status"]) == (403, "PERMISSION_DENIED")


def test_a_page_of_results_takes_few_queries(client, django_assert_max_num_queries):
    for number in range(6):
        told(f"The ferry line cancelled {number} crossings.")

    search(client, query="ferry")  # the index is made by who first asks it
    with django_assert_max_num_queries(5):
        search(client, query="ferry crossings", pageSize=100, languageCode="en", maxAgeDays=9000)


def test_pictures_are_not_searched_and_nothing_else_is_there(client):
    refused = client.get("/v1alpha1/claims:imageSearch", {"imageUri": "https://x.example/a.png"})
    assert (refused.status_code, refused.json()["error"]["status"]) == (501, "UNIMPLEMENTED")
    for path in ("/v1alpha1/", "/v1alpha1/claims", "/v1alpha1/claims:search/x"):
        missing = client.get(path)
        assert (missing.status_code, missing.json()["error"]["status"]) == (404, "NOT_FOUND")


def test_a_failure_says_nothing_of_what_went_wrong(client, monkeypatch):
    monkeypatch.setattr("claims.api.google.searching.ranked_hits", lambda *given, **named: 1 / 0)

    error = json.loads(client.get(SEARCHED, {"query": "a"}).content)["error"]
    assert (error["code"], error["status"]) == (500, "INTERNAL")
    assert "division" not in error["message"]
