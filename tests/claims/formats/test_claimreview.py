"""ClaimReview: what Google requires, no number where none orders truth, and safe inside HTML."""

import json

import pytest

from claims.formats.claimreview import claim_review, data_feed, script_json

from .documents import HELD, document, passage


def review(**given):
    return claim_review(document(**given), site_name="Fact Desk", site_url="https://desk.example")


def test_it_has_what_is_required_and_recommended():
    made = review()

    assert made["@type"] == "ClaimReview"
    assert made["claimReviewed"] == "The harbour counted 412 arrivals."
    assert made["url"] == "https://desk.example/claims/7K3M-Q9TX"
    assert made["author"] == {"@type": "Organization", "name": "Fact Desk", "url": "https://desk.example/"}
    assert made["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 4,
        "worstRating": 1,
        "bestRating": 5,
        "alternateName": "Mostly correct",
        "ratingExplanation": "The office counted 412.",
    }
    assert made["itemReviewed"]["author"] == {"@type": "Person", "name": "Mira Castellan"}
    assert made["itemReviewed"]["datePublished"] == "2026-02-01"
    assert "creativeWorkStatus" not in made


def test_a_verdict_that_orders_no_truth_has_no_number():
    rating = review(verdict={"value": None, "label": "Unproven"})["reviewRating"]

    assert rating["alternateName"] == "Unproven"
    assert not {"ratingValue", "bestRating", "worstRating"} & set(rating)


def test_a_claim_on_hold_says_so():
    held = review(**HELD)

    assert held["creativeWorkStatus"] == "On hold"
    assert held["reviewRating"]["alternateName"] == "Mostly correct (on hold)"
    assert held["reviewRating"]["ratingValue"] == 4


def test_an_appearance_is_an_array_of_works_and_only_web_addresses():
    said = [{"claimant": "", "said_on": None, **passage(source={"url": url})} for url in ("javascript:alert(1)", "")]

    assert review()["itemReviewed"]["appearance"] == [
        {"@type": "NewsArticle", "url": "https://tidewater.example/reports/1", "headline": "Harbour report"}
    ]
    assert "appearance" not in review(appearances=said)["itemReviewed"]


def test_no_claimant_is_no_author():
    assert "author" not in review(claimants=[])["itemReviewed"]


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--", "a & b", "line\u2028para\u2029"])
def test_in_a_script_element_nothing_of_it_is_markup(text):
    written = script_json({"text": text})

    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"text": text}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_data_feed_holds_each_review_in_an_array(count):
    documents = [document(id=f"7K3M-000{number}") for number in range(count)]
    desk = {"site_name": "Fact Desk", "site_url": "https://desk.example"}

    pieces = list(data_feed(documents, **desk, modified_at="2026-03-02T09:00:00Z" if count else None))
    feed = json.loads("".join(pieces))

    assert (feed["@context"], feed["@type"]) == ("https://schema.org", "DataFeed")
    assert ("dateModified" in feed) == bool(count)
    assert len(pieces) == count + 2
    for element, told in zip(feed["dataFeedElement"], documents, strict=True):
        assert element == {
            "@type": "DataFeedItem",
            "dateCreated": "2026-02-20T09:00:00Z",
            "dateModified": "2026-03-02T09:00:00Z",
            "url": told["url"],
            "item": [claim_review(told, **desk)],
        }
        assert element["item"][0]["@context"] == "https://schema.org"
        assert element["item"][0]["sdPublisher"]["name"] == "Fact Desk"
