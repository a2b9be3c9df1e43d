"""ClaimReview as it is found in the world: pages, feeds and dumps of our own writing, with every fault we know of."""

import json

import pytest

from claims.importing.pages import json_ld

from .reading import read, told

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://check.example/ferries",
    "datePublished": "2024-06-03T10:00:00+02:00",
    "inLanguage": "en",
    "claimReviewed": "The ferry line carried 400,000 passengers.",
    "author": {"@type": "Organization", "name": "Tidewater Check", "url": "https://check.example/"},
    "reviewRating": {
        "@type": "Rating", "ratingValue": "2", "bestRating": "5", "worstRating": "1", "alternateName": "Mostly false",
    },
    "itemReviewed": {
        "@type": "Claim",
        "datePublished": "2024-05-30",
        "author": {"@type": "Person", "name": "Rosa Lindqvist", "sameAs": ["https://people.example/rosa"]},
        "firstAppearance": {"@type": "NewsArticle", "url": "https://news.example/ferries"},
        "appearance": [{"@type": "NewsArticle", "url": "https://other.example/a"}, "https://other.example/b"],
    },
}  # fmt: skip


def feed(*items):
    elements = [
        {
            "@type": "DataFeedItem",
            "dateCreated": "2024-06-03T10:00:00Z",
            "url": "https://check.example/x",
            "item": item,
        }
        for item in items
    ]
    return json.dumps({"@context": "https://schema.org", "@type": "DataFeed", "dataFeedElement": elements})


def changed(**members):
    return {name: value for name, value in (REVIEW | members).items() if value is not ...}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(REVIEW),
        json.dumps([REVIEW]),
        json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebPage", "name": "x"}, REVIEW]}),
        feed([REVIEW]),
        feed(REVIEW),
        json.dumps({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": REVIEW}]}),
        json.dumps(REVIEW) + "\n",
        json.dumps(changed(**{"@type": ["Article", "http://schema.org/ClaimReview"]})),
        '<!doctype html><html><head><script type="application/ld+json">'
        + json.dumps(REVIEW)
        + "</script></head></html>",
    ],
    ids=["object", "list", "graph", "feed", "feed without the array", "item list", "line", "types", "page"],
)
def test_a_review_is_found_in_every_shape(content):
    drafts, problems = read(content)

    assert problems == []
    (draft,) = drafts
    assert draft.text == "The ferry line carried 400,000 passengers."
    assert [(one.name, one.kind, one.same_as) for one in draft.claimants] == [
        ("Rosa Lindqvist", "person", "https://people.example/rosa")
    ]
    assert [one.as_dict() for one in draft.said] == [
        {"url": "https://news.example/ferries", "said_on": "2024-05-30"},
        {"url": "https://other.example/a"},
        {"url": "https://other.example/b"},
    ]
    assert draft.review == {
        "url": "https://check.example/ferries", "publisher": "Tidewater Check", "rating": "Mostly false", "value": 2,
        "best": 5, "worst": 1, "date": "2024-06-03",
    }  # fmt: skip


def test_a_feed_with_null_items_and_a_broken_one_keeps_the_rest():
    unnamed, other = changed(claimReviewed=...), changed(claimReviewed="B")

    drafts, problems = read(feed(None, [], [None, REVIEW], [unnamed], "text", [other]))

    assert [draft.text for draft in drafts] == [REVIEW["claimReviewed"], "B"]
    assert told(problems) == [
        ("dataFeedElement[0].item", "", "empty"),
        ("dataFeedElement[1].item", "", "empty"),
        ("dataFeedElement[2].item[0]", "", "empty"),
        ("dataFeedElement[3].item[0]", "claimReviewed", "required"),
        ("dataFeedElement[4].item", "", "invalid_type"),
    ]


@pytest.mark.parametrize(
    ("rating", "kept", "noted"),
    [
        ({"alternateName": "Unproven"}, {"rating": "Unproven"}, []),
        ({"alternateName": "False", "ratingValue": 1, "bestRating": 5, "worstRating": 1},
         {"rating": "False", "value": 1, "best": 5, "worst": 1}, []),
        ({"alternateName": "False", "ratingValue": "-1"}, {"rating": "False", "value": -1}, []),
        ({"ratingValue": "Pants on fire"}, {"rating": "Pants on fire"}, ["reviewRating.ratingValue"]),
        ({"ratingValue": 4, "bestRating": 5}, {"rating": "4", "value": 4, "best": 5}, []),
        ({"alternateName": "Odd", "ratingValue": 9, "bestRating": 5, "worstRating": 1}, {"rating": "Odd"},
         ["reviewRating.ratingValue"]),
        ({"alternateName": "Odd", "ratingValue": "inf"}, {"rating": "Odd"}, ["reviewRating.ratingValue"]),
        ({"alternateName": ["x"], "name": "Half true"}, {"rating": "Half true"}, []),
        ("False", {"rating": "False"}, []),
        (None, {}, ["reviewRating"]),
        ({}, {}, ["reviewRating.alternateName"]),
    ],
)  # fmt: skip
def test_a_rating_is_kept_as_its_desk_gave_it(rating, kept, noted):
    drafts, problems = read(json.dumps(changed(reviewRating=rating)))

    (draft,) = drafts
    names = ("rating", "value", "best", "worst")
    assert {name: draft.review[name] for name in names if name in draft.review} == kept
    assert [one.column for one in problems] == noted
    assert all(one.is_note for one in problems)


@pytest.mark.parametrize(
    ("item", "claimants", "said_on", "noted"),
    [
        (None, [], None, []),
        ({}, [], None, []),
        ([], [], None, []),
        ({"author": None}, [], None, []),
        ({"author": "Rosa Lindqvist"}, ["Rosa Lindqvist"], None, []),
        ({"author": [{"name": "A"}, {"name": ""}, {"name": ["B"]}]}, ["A"], None, 2),
        ({"author": {"@type": "Organization", "name": "Port &amp; <b>Dock</b>"}}, ["Port & Dock"], None, []),
        ({"datePublished": "20240530"}, [], "2024-05-30", []),
        ({"datePublished": "2024-13-45"}, [], None, 1),
        ({"datePublished": "30 May 2024"}, [], None, 1),
        ({"datePublished": 2024}, [], None, 1),
        ([{"author": {"name": "First"}}, {"author": {"name": "Second"}}], ["First"], None, []),
        ("The claim", [], None, []),
        ({"appearance": [5, {"url": "ftp://a.example"}, None]}, [], None, 2),
    ],
)  # fmt: skip
def test_who_said_it_and_when_is_taken_where_it_can_be_read(item, claimants, said_on, noted):
    drafts, problems = read(json.dumps(changed(itemReviewed=item)))

    (draft,) = drafts
    assert [one.name for one in draft.claimants] == claimants
    assert [one.said_on.isoformat() for one in draft.said if one.said_on] == ([said_on] if said_on else [])
    assert len(problems) == (noted or 0)
    assert all(one.is_note for one in problems)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>The list lost <em>28</em> seats.</p>", "The list lost 28 seats."),
        ("A &lt;b&gt; &quot;B&quot; &#8220;C&#8221;", 'A <b> "B" “C”'),
        ("Under 5 < 6 and 7 > 3", "Under 5 < 6 and 7 > 3"),
        ("a\n\n b\t c", "a b c"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("\u202eabc 🎈", "\u202eabc 🎈"),
    ],
)
def test_html_in_a_claim_is_read_as_its_words(text, words):
    drafts, _ = read(json.dumps(changed(claimReviewed=text)))

    assert drafts[0].text == words


@pytest.mark.parametrize("text", [None, "", "<p> </p>", "\u200b", 5, ["x"]])
def test_a_review_of_no_claim_is_refused_unless_its_item_says_it(text):
    drafts, problems = read(json.dumps(changed(claimReviewed=text)))
    assert drafts == []
    assert not problems[-1].is_note

    drafts, problems = read(json.dumps(changed(claimReviewed=text, itemReviewed={"text": "From the item."})))
    if text != "\u200b":  # a text all the same, though nobody sees it
        assert drafts[0].text == "From the item."


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/relative", 5, None, ""])
def test_an_address_that_is_none_is_left_out(url):
    drafts, problems = read(json.dumps(changed(url=url)))

    assert "url" not in drafts[0].review
    assert len(problems) == bool(url)


def test_a_page_is_read_as_a_browser_would():
    page = (
        '<!-- <script type="application/ld+json">"hidden"</script> -->'
        "<SCRIPT async TYPE='application/ld+json; charset=utf-8'>1</SCRIPT>"
        '<script>"application/ld+json"</script><script type=application/ld+json>2</script >'
        '<script type="application/ld+json">3 <!-- never closed'
    )
    assert list(json_ld(page)) == ["1", "2"]


def test_a_page_without_a_review_and_one_with_a_broken_one_say_so():
    assert told(read("<html><p>text</p></html>")[1]) == [("the page", "", "no_rows")]
    broken = '<script type="application/ld+json">{"@type": "ClaimReview", "claimReviewed": "x",}</script>'
    assert told(read(f"<html>{broken}</html>")[1]) == [("script 1", "", "malformed_json")]


@pytest.mark.parametrize("part", ["<!--", "<script ", "<script type=application/ld+json>", '{"@type":', "</script"])
def test_a_hostile_page_is_read_in_time_that_grows_with_it_alone(part):
    drafts, problems = read("<html>" + part * (2_000_000 // len(part)))

    assert drafts == []
    assert problems
