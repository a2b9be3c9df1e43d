"""pages, read-only: which pages of ours carry markup, what it says, and that nothing is written."""

import json

import pytest

from claims.services.intake import add_appearance
from tests.claims.stories import held, sorted_claim, withdrawn
from tests.factories import NOW, SnapshotFactory, SourceFactory, decided, published

from .discovery import PAGE, PAGES, valid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _desk(settings):
    settings.SITE_NAME, settings.SITE_URL = "Fact Desk", "https://factdesk.example"


def listed(client, **parameters):
    response = client.get("/v1alpha1/pages", parameters)
    assert response.status_code == 200, response.content
    return valid(response.json(), PAGES).get("claimReviewMarkupPages", [])


def test_a_page_has_its_markup_and_its_version(client):
    claim = sorted_claim()
    for day, url in ((2, "https://late.example/a"), (1, "https://early.example/b")):
        snapshot = SnapshotFactory(source=SourceFactory(url=url), text="412 arrivals, said the harbour.")
        add_appearance(
            claim_id=claim.pk, snapshot_id=snapshot.pk, quote="412 arrivals", claimant=None,
            said_on=NOW.date().replace(day=day), by=claim.drafted_by, now=NOW,
        )  # fmt: skip
    claim.refresh_from_db()
    claim = held(published(decided(claim)))

    page = valid(client.get(f"/v1alpha1/pages/{claim.code}").json(), PAGE)

    url = f"https://factdesk.example/claims/{claim.code}"
    assert page == {
        "name": f"pages/{claim.code}",
        "pageUrl": url,
        "publishDate": "2026-03-02",
        "claimReviewAuthor": {"name": "Fact Desk"},
        "versionId": "2",
        "claimReviewMarkups": [
            {
                "url": url,
                "claimReviewed": claim.text,
                "claimDate": "2026-03-01",
                "claimAuthor": {"name": claim.claimants.get().name},
                "claimFirstAppearance": "https://early.example/b",
                "claimAppearances": ["https://late.example/a"],
                "rating": {
                    "textualRating": "Correct (on hold)",
                    "ratingExplanation": "The harbour office counted 412 arrivals.",
                    "ratingValue": 5,
                    "worstRating": 1,
                    "bestRating": 5,
                },
            }
        ],
    }
    assert listed(client, url=url) == [page]
    assert listed(client, url=f"{url}/versions/1#cite", offset=9) == [page]


def test_pages_are_found_by_their_address_or_all_of_a_site(client):
    claims = [published() for _ in range(3)]
    draft, gone = decided(), withdrawn(published())

    assert len(listed(client, organization="www.factdesk.example")) == 3
    assert len(listed(client, organization="factdesk.example", pageSize=2)) == 2
    assert listed(client, organization="other.example") == []
    for url in (
        f"https://factdesk.example/claims/{draft.code}",
        f"https://factdesk.example/claims/{gone.code}",
        f"https://other.example/claims/{claims[0].code}",
        "https://factdesk.example/",
    ):
        assert listed(client, url=url) == [], url
    for wrong in ({}, {"url": "https://factdesk.example/", "organization": "factdesk.example"}):
        response = client.get("/v1alpha1/pages", wrong)
        assert (response.status_code, response.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_what_is_not_published_looks_like_what_does_not_exist(client):
    missing = client.get("/v1alpha1/pages/0000-0000")

    assert (missing.status_code, missing.json()["error"]["status"]) == (404, "NOT_FOUND")
    for page_id in (decided().code, "abc", "%00", "é"):
        response = client.get(f"/v1alpha1/pages/{page_id}")
        assert (response.status_code, response.content) == (404, missing.content)
    gone = client.get(f"/v1alpha1/pages/{withdrawn(published()).code}")
    assert (gone.status_code, gone.json()["error"]["status"]) == (410, "NOT_FOUND")


@pytest.mark.parametrize(
    ("verb", "path"),
    [("post", "/v1alpha1/pages"), ("put", "/v1alpha1/pages/7K3M-Q9TX"), ("delete", "/v1alpha1/pages/7K3M-Q9TX")],
)
def test_nothing_is_written(client, verb, path):
    response = getattr(client, verb)(path, json.dumps({"pageUrl": "x"}), content_type="application/json")

    assert (response.status_code, response.json()["error"]["status"]) == (501, "UNIMPLEMENTED")
