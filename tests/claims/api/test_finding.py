"""Finding claims over HTTP: near a text, and by words."""

import pytest

from claims.services.claims import hold_claims, read_claim_figures
from tests.factories import NOW, ClaimFactory, decided, published, with_evidence

from .conftest import caller, is_problem

pytestmark = pytest.mark.django_db
MATCH, CLAIMS = "/api/v1/claims:match", "/api/v1/claims"


def test_a_text_is_answered_by_the_published_claims_near_it_and_why(anyone):
    claim = published(decided(with_evidence(ClaimFactory(text="The harbour counted 412 arrivals in May."))))
    ClaimFactory(text="The harbour counted 412 arrivals in May, it says in a draft.")

    answer = anyone.get(MATCH, {"text": "412 arrivals were counted by the harbour in May"})

    assert answer.status_code == 200
    first = answer.json()["results"][0]
    assert [first["id"], first["class"], first["rating"]] == [claim.code, "same_claim", "correct"]
    assert "figures agree" in first["reason"] and first["sure"] is True
    assert len(answer.json()["results"]) == 1
    assert answer.json()["index"] == {"condition": "ready", "message": "", "ranking": "words"}


def test_a_key_of_the_desk_is_answered_with_drafts_too(key):
    draft = ClaimFactory(text="Wolves killed 90 sheep on the Dunmere hills.")

    found = key.get(MATCH, {"text": "ninety sheep killed at Dunmere by wolves"}).json()["results"]

    assert [row["id"] for row in found] == [draft.code]
    assert found[0]["rating"] is None


def test_a_held_and_a_withdrawn_claim_are_told_as_they_stand(anyone):
    claim = published()
    hold_claims(claim_ids=[claim.pk], reason="A source changed.", now=NOW)

    assert anyone.get(MATCH, {"text": claim.text}).json()["results"][0]["citability"] == "on_hold"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "required"),
        ({"text": "  "}, "required"),
        ({"text": "x" * 10_001}, "max_length"),
        ({"text": "a\x00b"}, "invalid_filter"),
        ({"text": "a", "limit": "0"}, "invalid_filter"),
        ({"text": "a", "limit": "51"}, "invalid_filter"),
        ({"text": "a", "colour": "x"}, "invalid_filter"),
    ],
)
def test_a_question_that_cannot_be_read_is_a_problem(anyone, asked, code):
    is_problem(anyone.get(MATCH, asked), 400, code)


@pytest.mark.parametrize("text", ["the of and", "%_\\", '"unbalanced', "😀😀", "\ufffd" * 9_000, "word " * 1_900])
def test_a_text_that_is_near_nothing_is_answered(anyone, text):
    published()

    assert anyone.get(MATCH, {"text": text}).json()["results"] == []


@pytest.mark.parametrize("who", ["nobody", "editor", "key"])
def test_words_give_the_best_match_first_and_stable_pages(who):
    texts = [f"The pier of town {number} cost more than planned." for number in range(4)]
    claims = [published(decided(with_evidence(ClaimFactory(text=text)))) for text in texts]
    best = published(decided(with_evidence(ClaimFactory(text="Pier cost."))))

    seen, address = [], f"{CLAIMS}?q=pier cost&page_size=2"
    while address:
        answer = caller(who).get(address)
        seen += [row["id"] for row in answer.json()["results"]]
        address = answer.json()["next"]
        if address:
            assert f'<{address}>; rel="next"' == answer["Link"]

    assert seen[0] == best.code
    assert sorted(seen) == sorted([best.code, *(claim.code for claim in claims)])


def test_a_made_up_page_of_a_search_is_a_problem(anyone):
    published()
    is_problem(anyone.get(CLAIMS, {"q": "harbour", "cursor": "x"}), 400, "invalid_page")


@pytest.mark.parametrize(
    ("words", "count"),
    [('"412 arrivals"', 1), ('"arrivals 412"', 0), ("harbour -may", 0), ("figure:412", 1), ("verdict:correct", 1),
     ("verdict:incorrect", 0), ("arrivels", 1), ("source:harbour", 1), ("-verdict:correct", 0)],
)  # fmt: skip
def test_words_are_read_as_people_write_them(anyone, words, count):
    claim = with_evidence(ClaimFactory(text="The harbour counted 412 arrivals in May."))
    read_claim_figures(claim, now=NOW)
    published(decided(claim))

    assert len(anyone.get(CLAIMS, {"q": words}).json()["results"]) == count
