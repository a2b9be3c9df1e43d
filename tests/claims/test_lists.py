"""Searching, filtering and paging published claims."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim
from tests.claims.stories import corrected, held, sorted_claim
from tests.factories import (
    ClaimantFactory,
    ClaimFactory,
    TopicFactory,
    decided,
    published,
    with_evidence,
)

pytestmark = pytest.mark.django_db


def found(client, **asked) -> list[str]:
    return [card["text"] for card in client.get("/claims", asked).context["claims"]]


def test_words_are_looked_for_literally(client):
    published(decided(with_evidence(ClaimFactory(text="Up 100% of_berths"))))
    published(decided(with_evidence(ClaimFactory(text="Up 1000 or berths"))))

    assert found(client, q="100%") == ["Up 100% of_berths"]
    assert found(client, q="of_b") == ["Up 100% of_berths"]
    assert found(client, q="BERTHS up 100%") == ["Up 100% of_berths"]
    assert len(found(client, q="berths")) == 2
    assert found(client, q="%_\\" * 3000) == []
    assert found(client, q="slug") == []
    assert len(found(client, q="be\x00rths")) == 2


def test_a_claim_is_found_by_who_made_it_once_that_is_published(client):
    claim = ClaimFactory(text="The pier is open.")
    claim.claimants.add(ClaimantFactory(name="Mira Castellan_"))
    claim = published(decided(with_evidence(claim)))
    other = published()
    other.claimants.add(ClaimantFactory(name="Castellan the younger"))

    assert found(client, q="castellan pier") == ["The pier is open."]
    assert found(client, q="castellan_") == ["The pier is open."]
    assert found(client, q="castellan") == ["The pier is open."]


def test_filters_keep_what_fits(client):
    first = published(decided(sorted_claim(), slug="incorrect"))
    published(decided(sorted_claim()))

    assert found(client, verdict="incorrect") == [first.text]
    assert found(client, topic=first.topics.get().slug) == [first.text]
    assert found(client, claimant=first.claimants.get().slug) == [first.text]
    held(first)
    assert first.text not in found(client, citable="1")


@pytest.mark.parametrize("name", ["verdict", "topic", "claimant"])
def test_an_unknown_filter_is_said_and_left_out(client, name):
    claim = published()

    response = client.get("/claims", {name: "x' OR \x00"})

    assert response.status_code == 400
    assert f"There is no such {name}" in response.content.decode()
    assert [card["code"] for card in response.context["claims"]] == [claim.code]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("0", 400),
        ("-1", 400),
        ("abc", 400),
        ("", 400),
        ("1.5", 400),
        ("9" * 40, 400),
        ("２", 400),
        ("99", 404),
        ("1", 200),
    ],
)
@pytest.mark.parametrize("url", ["/claims", "/corrections"])
def test_a_page_that_is_not_there_says_so_and_shows_the_first(client, url, number, status):
    corrected(published())

    response = client.get(url, {"page": number})

    assert response.status_code == status
    assert response.context["page"].number == 1
    assert ('role="alert"' in response.content.decode()) == (status != 200)


def test_an_id_typed_into_the_search_leads_to_its_claim(client):
    claim, draft = published(), decided()

    assert client.get("/claims", {"q": claim.public_id.lower()})["Location"] == f"/claims/{claim.code}"
    assert client.get("/claims", {"q": draft.public_id}).status_code == 200


def test_lists_ask_the_same_number_of_questions_for_3_and_for_30(client):
    topic, claimant = TopicFactory(), ClaimantFactory()

    def publish(count):
        for _ in range(count):
            claim = ClaimFactory()
            claim.topics.add(topic)
            claim.claimants.add(claimant)
            published(decided(with_evidence(claim)))

    publish(2)
    held(published(decided(sorted_claim())))
    corrected(published())
    urls = [
        "/", "/claims", "/claims?q=harbour", "/claims?verdict=correct&citable=1", "/corrections",
        topic.get_absolute_url(), claimant.get_absolute_url(),
    ]  # fmt: skip
    few = {url: queries(client, url) for url in urls}
    publish(27)

    assert {url: queries(client, url) for url in urls} == few
    assert max(few.values()) <= 7
    assert queries(client, reverse("claim", args=[Claim.objects.published()[0].code])) <= 7


def queries(client, url) -> int:
    """Count what a page asks the database, once the search index has read what the test has just saved."""
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
