"""The whole way through, over HTTP and with a real worker: from an article to a cited verdict, and its hold."""

import json
import re

import pytest

from claims import permissions
from tests.fakes import Site
from tests.journeys.service import Visitor, wait_for

ARTICLE = [
    "The ferry line cancelled 28 of its 48 winter crossings in January, harbour master Ole Brandt said on Monday.",
    "Brandt said the two older ships had spent nine weeks in dock since October.",
    "Is the winter timetable too ambitious?",
]
RECORD = [
    "The harbour office publishes the log of the line at the end of each month, as the port act demands.",
    "In January the line cancelled 28 of its 48 scheduled crossings, eleven of them for want of a crew.",
    "The remaining crossings ran with a mean delay of six minutes.",
]
QUOTE = "In January the line cancelled 28 of its 48 scheduled crossings"


@pytest.fixture
def world():
    site = Site()
    site.says("/news/ferry", *ARTICLE)
    site.says("/log/january", *RECORD)
    yield site
    site.close()


def test_a_person_who_waits_is_served_at_once_however_far_off_the_timetable_is(running, world):
    service = running(world.origin, sweep_every=3600)
    reviewer = service.add_person("rosa", permissions.REVIEWERS)

    news = world.url("/news/ferry")
    page = reviewer.submit("/admin/articles/new/", "/articles/new/", "https://", by="address", url=news)

    wait_for(lambda: reviewer.get(page.path).says("28 of its 48"), seconds=10, name="the article to be read")


def accepted(reviewer, article):
    """Accept the best candidate of a read article and return the code of the claim it became."""
    page = reviewer.get(article)
    card = next(form for form in page.tree.css("form") if "28 of its 48" in (form.html or ""))
    action = re.search(r"candidates/\d+/", card.attributes["action"]).group()
    page = reviewer.submit(article, action, press="accept", text="The ferry line cancelled 28 of 48 crossings.")
    return re.search(r"/admin/claim/([0-9A-Z]{4}-[0-9A-Z]{4})/", page.text).group(1)


def judge(person, desk_page):
    rating = person.get(desk_page).form("/review/")
    label = next(node for node in rating.css("label") if node.text(strip=True).startswith("Correct"))
    choice = label.css_first("input") or rating.css_first(f"#{label.attributes['for']}")
    return person.submit(
        desk_page, "/review/", rating=choice.attributes["value"], rationale="The log gives both numbers."
    )


def test_an_article_becomes_a_cited_verdict_and_goes_on_hold_when_its_source_changes(running, world):
    service = running(world.origin)
    reviewer = service.add_person("rosa", permissions.REVIEWERS)
    second = service.add_person("sven", permissions.REVIEWERS)
    lead = service.add_person("lena", permissions.DESK_LEADS)
    reader = Visitor(service)

    # The reviewer takes the article in by its address; a worker fetches it and takes it apart.
    page = reviewer.submit(
        "/admin/articles/new/", "/articles/new/", "https://", by="address", url=world.url("/news/ferry")
    )
    article = page.path
    wait_for(lambda: reviewer.get(article).says("28 of its 48"), name="the article to be read")
    code = accepted(reviewer, article)
    desk_page = f"/admin/claim/{code}/"
    assert reviewer.get(desk_page).says("Ole Brandt")
    assert reader.get(f"/claims/{code}").status == reader.get(f"/api/v1/claims/{code}").status == 404

    # Evidence: the harbour's log, registered from the claim's page; words that are not in it are refused.
    page = reviewer.submit(desk_page, "/source/", "https://", by="address", url=world.url("/log/january"))
    chosen = page.url.split("#")[0]
    wait_for(lambda: reviewer.get(chosen).says("for want of a crew"), name="the log to be fetched")
    page = reviewer.submit(chosen, "/evidence/", quote=QUOTE.replace("28", "23"), stance="supports")
    assert page.status == 400
    assert page.says("28 of its 48 scheduled crossings")
    reviewer.submit(chosen, "/evidence/", quote=QUOTE, stance="supports", note="The log's own count.")

    # Two judge it, blind; the first writes what the public will read; the lead publishes what they read.
    judge(reviewer, desk_page)
    assert not second.get(desk_page).says("The log gives both numbers")
    judge(second, desk_page)
    reviewer.submit(
        desk_page,
        "/verdict/",
        finding="The line cancelled 28 of its 48 crossings in January.",
        explanation="The harbour office's log gives the same two numbers.",
    )
    assert lead.submit(desk_page, "/publish/").says("Published")

    # The world reads it: page, API, ClaimReview and citation say the same.
    answer = json.loads(reader.get(f"/api/v1/claims/{code}").text)
    assert (answer["verdict"]["rating"], answer["citability"], answer["version"]) == ("correct", "citable", 1)
    assert answer["evidence"][0]["quote"] == QUOTE
    assert [(f["low"], f["whole"]) for f in answer["figures"]] == [(28, 48)]
    assert reader.get(f"/claims/{code.lower().replace('-', '')}").says("The line cancelled 28 of its 48 crossings")
    review = json.loads(reader.get(f"/claims/{code}.jsonld").text)
    assert (review["@type"], review["reviewRating"]["ratingValue"]) == ("ClaimReview", 5)
    assert code in reader.get(f"/claims/{code}/cite.txt").text

    # The log changes its figure: after a second look the claim is on hold everywhere, and nobody touched it.
    world.says("/log/january", *[line.replace("28", "23") for line in RECORD])
    held = wait_for(
        lambda: (found := json.loads(reader.get(f"/api/v1/claims/{code}").text))["hold"] and found, name="the hold"
    )
    assert "23" in held["hold"]["reason"]
    assert held["verdict"]["rating"] == "correct"
    assert reader.get(f"/claims/{code}").says("hold")
    assert json.loads(reader.get(f"/claims/{code}.jsonld").text)["creativeWorkStatus"] == "On hold"
    assert reviewer.get("/admin/alerts/").says("harbour") or reviewer.get("/admin/alerts/").says("january")
