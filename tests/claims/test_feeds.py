"""Feeds as their readers take them: the same ids whatever happens, nothing withdrawn, not sent twice for nothing."""

import json
from datetime import timedelta

import feedparser
import pytest
import time_machine

from claims.models import PublicDocument
from claims.services.limits import in_memory
from claims.views import feeds
from tests.claims.stories import corrected, held, sorted_claim, withdrawn
from tests.factories import NOW, ClaimFactory, decided, published, with_evidence

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def _desk(settings):
    settings.SITE_NAME, settings.SITE_URL = "Fact Desk & Sons", "https://factdesk.example"
    with time_machine.travel(LATER, tick=False):
        yield


def atom(client, url="/feed.atom"):
    response = client.get(url)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(response.content)
    assert not read.bozo, read.bozo_exception
    assert read.version == "atom10"
    return read


def json_feed(client, url="/feed.json"):
    response = client.get(url)
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    return response.json()


def reviews(client):
    response = client.get("/claimreview.json")
    assert response.streaming and response["Content-Type"].startswith("application/ld+json")
    return json.loads(response.getvalue())["dataFeedElement"]


def test_an_entry_says_verdict_finding_and_where(client):
    claim = published(decided(sorted_claim(language="en-GB")))

    read = atom(client)
    [entry] = read.entries
    assert (read.feed.title, read.feed.author) == ("Fact Desk & Sons", "Fact Desk & Sons")
    assert read.feed.links[0] == {
        "rel": "self",
        "type": "application/atom+xml",
        "href": "https://factdesk.example/feed.atom",
    }
    assert entry.title == f"{claim.text}: Correct"
    assert entry.summary == "The harbour office counted 412 arrivals."
    assert entry.link == f"https://factdesk.example/claims/{claim.code}"
    assert entry.published == "2026-03-02T09:00:00Z"
    assert [tag.term for tag in entry.tags] == [claim.topics.get().name]

    feed = json_feed(client)
    [item] = feed["items"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://factdesk.example/feed.json"
    assert item["id"] == entry.id and item["id"].startswith("urn:uuid:")
    assert (item["title"], item["content_text"], item["url"]) == (entry.title, entry.summary, entry.link)
    assert (item["language"], item["tags"]) == ("en-GB", [claim.topics.get().name])
    assert item["_factcheck"]["id"] == claim.code
    assert "next_url" not in feed


def test_the_id_stays_and_the_date_moves_whatever_becomes_of_the_verdict(client, settings):
    claim = published()
    [first] = atom(client).entries

    held(claim)
    [on_hold] = atom(client).entries
    assert on_hold.id == first.id and on_hold.updated > first.updated
    assert on_hold.title.endswith("Correct (on hold)")
    assert "On hold since 5 March 2026: The report now says 409." in on_hold.summary

    corrected(claim)
    settings.SITE_URL = "https://moved.example"
    [mended] = atom(client).entries
    assert mended.id == first.id and mended.updated > on_hold.updated
    assert mended.title.endswith("Incorrect")
    assert "Corrected on 6 March 2026: The office mended its return." in mended.summary

    withdrawn(claim)
    assert atom(client).entries == []
    assert json_feed(client)["items"] == reviews(client) == []


def test_corrections_have_a_feed_of_their_own_and_a_withdrawal_repeats_nothing(client):
    claim = corrected(published(decided(with_evidence(ClaimFactory(text="Unmistakable words of a claim.")))))
    published()

    [entry] = atom(client, "/corrections/feed.atom").entries
    assert entry.title == "Correction: Unmistakable words of a claim."
    assert entry.link.endswith(f"/claims/{claim.code}/versions/2")
    assert "The office mended its return." in entry.summary
    assert "Verdict: Incorrect\nBefore: Correct" in entry.summary

    withdrawn(claim)
    for entry in (
        atom(client, "/corrections/feed.atom").entries[0],
        json_feed(client, "/corrections/feed.json")["items"][0],
    ):
        assert entry["title"] == f"Withdrawn: claim {claim.code}"
        assert "Unmistakable" not in str(entry) and "The return was a forgery." in str(entry)
    assert len(atom(client, "/corrections/feed.atom").entries) == 1


def test_a_topic_has_a_feed_while_something_is_published_under_it(client):
    claim = published(decided(sorted_claim()))
    published(decided(sorted_claim()))
    topic = claim.topics.get()

    read = atom(client, f"/topics/{topic.slug}/feed.atom")
    assert [entry.link.rsplit("/", 1)[1] for entry in read.entries] == [claim.code]
    assert read.feed.title == f"Fact Desk & Sons: {topic.name}"
    assert len(json_feed(client, f"/topics/{topic.slug}/feed.json")["items"]) == 1
    withdrawn(claim)
    assert client.get(f"/topics/{topic.slug}/feed.atom").status_code == 404
    assert client.get("/topics/nothing/feed.json").status_code == 404
    assert client.get("/feed.rss").status_code == 404


def test_a_feed_is_walked_to_its_end_without_a_gap(client):
    codes = {published().code for _ in range(5)}

    seen, url = [], "/feed.json?page_size=2"
    while url:
        feed = json_feed(client, url)
        assert feed["feed_url"] == f"https://factdesk.example{url}"
        seen += [item["_factcheck"]["id"] for item in feed["items"]]
        url = feed.get("next_url", "").removeprefix("https://factdesk.example")
    assert len(seen) == 5 and set(seen) == codes

    entries, url = [], "/feed.atom?page_size=2"
    while url:
        read = atom(client, url)
        entries += [entry.id for entry in read.entries]
        links = [link.href for link in read.feed.links if link.rel == "next"]
        url = links[0].removeprefix("https://factdesk.example") if links else ""
    assert len(set(entries)) == 5
    for wrong in ("cursor=x", "page_size=0", "page_size=ten"):
        assert client.get(f"/feed.atom?{wrong}").status_code == 400, wrong


@pytest.mark.parametrize("url", ["/feed.atom", "/feed.json", "/corrections/feed.atom", "/claimreview.json"])
def test_who_has_it_already_is_not_sent_it_again(client, url, django_assert_num_queries):
    empty = client.get(url)
    claim = published()
    first = client.get(url)
    assert first["ETag"] != empty["ETag"]
    assert first["Cache-Control"] == "public, max-age=60"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first and "Cookie" not in first.get("Vary", "")

    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        with django_assert_num_queries(1):
            held_already = client.get(url, headers=headers)
        assert (held_already.status_code, held_already.content) == (304, b"")
        assert held_already["ETag"] == first["ETag"]
    held(claim)
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert client.get(url, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 200
    head = client.head(url)
    assert head.status_code == 200 and head["ETag"] and not head.getvalue()


def test_a_change_a_moment_ago_has_no_date_yet(client):
    with time_machine.travel(NOW, tick=False):
        published()
        response = client.get("/feed.atom")
        assert "Last-Modified" not in response and response["ETag"]


def test_a_data_feed_of_any_size_is_read_in_batches(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(feeds, "BATCH", 2)
    codes = {published().code for _ in range(5)}
    decided(), withdrawn(published())

    with django_assert_num_queries(5):  # the ledger, three batches and the end
        elements = reviews(client)
    assert {element["item"][0]["identifier"] for element in elements} == codes
    assert all(element["url"] == element["item"][0]["url"] for element in elements)


def test_what_xml_cannot_say_does_not_break_it(client):
    claim = published()
    document = PublicDocument.objects.get(claim=claim)
    body = json.loads(document.body)
    body["text"] = 'a < b & "c" ]]> <script>alert(1)</script> \x0b\x01 \ufffe'
    document.body = json.dumps(body)
    document.save()

    [entry] = atom(client).entries
    assert entry.title.startswith('a < b & "c" ]]> <script>')
    assert entry.title_detail.type == "text/plain"


def test_feeds_take_few_queries_however_long(client, django_assert_max_num_queries):
    for _ in range(4):
        corrected(published(decided(sorted_claim())))

    for url in ("/feed.atom", "/corrections/feed.json"):
        with django_assert_max_num_queries(2):
            client.get(url)


def test_one_read_too_many_is_told_how_long_to_wait(client, settings):
    settings.READS_PER_MINUTE = 1
    in_memory.clear()

    assert client.get("/feed.atom").status_code == 200
    refused = client.get("/claimreview.json")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")


def test_pages_say_where_their_feeds_are(client):
    claim = published(decided(sorted_claim()))
    topic = claim.topics.get()
    told = {
        "/": "/feed",
        f"/claims/{claim.code}": "/feed",
        "/corrections": "/corrections/feed",
        topic.get_absolute_url(): f"/topics/{topic.slug}/feed",
    }

    for page, feed in told.items():
        body = client.get(page).content.decode()
        for kind, ending in (("application/atom+xml", "atom"), ("application/feed+json", "json")):
            assert f'<link rel="alternate" type="{kind}" href="{feed}.{ending}"' in body, page
    assert (
        "/feed.atom" not in client.get(claim.claimants.get().get_absolute_url()).content.decode().split("Fact Desk")[2]
    )


def test_the_page_about_the_desk_leads_to_every_feed(client):
    about = client.get("/about").content.decode()

    for feed in ("/feed.atom", "/feed.json", "/corrections/feed.atom", "/corrections/feed.json", "/claimreview.json"):
        assert f'href="{feed}"' in about
        assert client.get(feed).status_code == 200
