"""Searching, filtering and paging published claims."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, PublicDocument
from claims.services import claims
from tests.claims.stories import corrected, held, sorted_claim
from tests.factories import (
    NOW,
    ClaimantFactory,
    ClaimFactory,
    SnapshotFactory,
    SourceFactory,
    TopicFactory,
    decided,
    published,
    with_evidence,
)

pytestmark = pytest.mark.django_db


def found(client, **asked) -> list[str]:
    return [card["text"] for card in client.get("/claims", asked).context["claims"]]


def test_claims_are_found_by_their_words_phrases_and_exclusions(client):
    published(decided(with_evidence(ClaimFactory(text="Berths at the pier doubled"))))
    published(decided(with_evidence(ClaimFactory(text="The pier has no berth"))))

    assert found(client, q='"berths at the pier"') == ["Berths at the pier doubled"]
    assert found(client, q="pier -doubled") == ["The pier has no berth"]
    assert len(found(client, q="berths")) == 2
    assert len(found(client, q="berths\x00")) == 2
    assert found(client, q="slug") == []
    body = client.get("/claims", {"q": "doubled"}).content.decode()
    assert "<mark>doubled</mark>" in body and 'value="doubled"' in body


def test_a_claim_is_found_by_who_made_it_once_that_is_published(client):
    claim = ClaimFactory(text="The pier is open.")
    claim.claimants.add(ClaimantFactory(name="Mira Castellan"))
    published(decided(with_evidence(claim)))
    other = published()
    other.claimants.add(ClaimantFactory(name="Castellan the younger"))

    assert found(client, q="castellan pier") == ["The pier is open."]
    assert found(client, q="castellan") == ["The pier is open."]


def test_filters_keep_what_fits_and_are_counted(client):
    first = published(decided(sorted_claim(), slug="incorrect"))
    second = published(decided(sorted_claim()))
    source = first.evidence.get().snapshot.source_id

    assert found(client, verdict="incorrect") == [first.text]
    assert set(found(client, verdict=["incorrect", "correct"])) == {first.text, second.text}
    assert found(client, topic=first.topics.get().slug) == [first.text]
    assert found(client, claimant=first.claimants.get().slug) == [first.text]
    assert found(client, source=source) == [first.text]
    counts = facets(client)
    assert counts["verdict"] == {"correct": 1, "incorrect": 1}
    assert counts["source"][str(source)] == 1 and len(counts["topic"]) == 2
    assert counts["citable"] == {"1": 2}
    held(first)
    assert first.text not in found(client, citable="1")
    assert facets(client)["citable"] == {"1": 1}


def test_a_period_keeps_what_changed_in_it(client):
    claim = published()
    assert found(client, period="week") == []

    PublicDocument.objects.filter(claim=claim).update(updated_at=timezone.now())

    assert facets(client)["period"]["week"] == 1


def test_a_source_the_desk_added_since_is_not_among_the_facets(client):
    claim = published()
    claims.reopen_claim(claim_id=claim.pk, reason="New.", by=claim.drafted_by, now=NOW)
    with_evidence(claim, snapshot=SnapshotFactory(source=SourceFactory(title="A secret memo")))

    assert "A secret memo" not in client.get("/claims").content.decode()


@pytest.mark.parametrize("name", ["verdict", "topic", "claimant", "source", "period"])
@pytest.mark.parametrize("value", ["x' OR \x00", "-1", "9" * 30, "٣"])
def test_an_unknown_filter_is_said_and_left_out(client, name, value):
    claim = published()

    response = client.get("/claims", {name: value})

    assert response.status_code == 400
    assert f"There is no such {name}" in response.content.decode()
    assert [card["code"] for card in response.context["claims"]] == [claim.code]


def test_a_list_goes_on_where_it_ended(client):
    codes = {published().code for _ in range(23)}

    first = client.get("/claims")
    second = client.get("/claims" + first.context["next"])

    seen = [card["code"] for answer in (first, second) for card in answer.context["claims"]]
    assert len(seen) == 23 and set(seen) == codes
    assert not second.context["next"]
    assert "To the first" in second.content.decode()


@pytest.mark.parametrize("after", ["x", "W10", "\x00", "9" * 400, "٣"])
def test_a_place_in_the_list_that_is_none_says_so_and_shows_the_first(client, after):
    claim = published()

    response = client.get("/claims", {"after": after})

    assert response.status_code == 400 and 'role="alert"' in response.content.decode()
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
def test_a_page_that_is_not_there_says_so_and_shows_the_first(client, number, status):
    corrected(published())

    response = client.get("/corrections", {"page": number})

    assert response.status_code == status
    assert response.context["page"].number == 1
    assert ('role="alert"' in response.content.decode()) == (status != 200)


def test_an_id_typed_into_the_search_leads_to_its_claim(client):
    claim, draft = published(), decided()

    assert client.get("/claims", {"q": claim.public_id.lower()})["Location"] == f"/claims/{claim.code}"
    assert client.get("/claims", {"q": draft.public_id}).status_code == 200
    typed = client.get("/claims", {"q": claim.code}, headers={"hx-request": "true"})
    assert (typed.status_code, typed.headers["HX-Redirect"]) == (200, f"/claims/{claim.code}")


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
    assert max(few.values()) <= 13
    assert max(few[url] for url in few if not url.startswith("/claims")) <= 4
    assert queries(client, reverse("claim", args=[Claim.objects.published()[0].code])) <= 7


def facets(client) -> dict[str, dict[str, int]]:
    shown = client.get("/claims").context["facets"]
    return {
        facet["name"]: {choice.value: choice.count for choice in [*facet["shown"], *facet["more"]]} for facet in shown
    }


def queries(client, url) -> int:
    client.get(url)  # the index reads what was published since
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
