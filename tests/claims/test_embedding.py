"""oEmbed and the card: only what is published, the same answer for everything else, and framed by anyone."""

import json
from datetime import timedelta
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import time_machine
from selectolax.lexbor import LexborHTMLParser

from claims.services.limits import in_memory
from tests.claims.stories import SECRET, corrected, held, lists, outputs, signed_in, sorted_claim, withdrawn
from tests.factories import NOW, ClaimFactory, DeskLeadFactory, decided, published, with_evidence

pytestmark = pytest.mark.django_db
SITE = "https://factdesk.example"


@pytest.fixture(autouse=True)
def _desk(settings):
    settings.SITE_NAME, settings.SITE_URL = "Fact Desk", SITE


def asked(client, url, **parameters):
    return client.get("/oembed", {"url": url, **parameters})


def body(client, code):
    return client.get(f"/embed/{code}").content.decode()


def test_a_published_claim_is_embedded_as_an_iframe_of_its_card(client):
    claim = published(decided(with_evidence(ClaimFactory(text='Said "yes" & <b>left</b>.'))))

    response = asked(client, f"{SITE}/claims/{claim.code}")
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    told = response.json()
    html = told.pop("html")
    assert told == {
        "type": "rich",
        "version": "1.0",
        "title": 'Fact check: Said "yes" & <b>left</b>.',
        "provider_name": "Fact Desk",
        "provider_url": f"{SITE}/",
        "cache_age": 60,
        "width": 600,
        "height": 320,
    }
    [frame] = LexborHTMLParser(html).css("body > *")
    assert (frame.tag, frame.attributes["src"]) == ("iframe", f"{SITE}/embed/{claim.code}")
    assert frame.attributes["title"] == told["title"]
    assert (frame.attributes["width"], frame.attributes["height"]) == ("600", "320")

    xml = asked(client, f"{SITE}/claims/{claim.code}", format="xml")
    assert xml["Content-Type"] == "text/xml; charset=utf-8"
    read = {part.tag: part.text for part in ElementTree.fromstring(xml.content)}
    assert read == {name: str(value) for name, value in {**told, "html": html}.items()}


def test_a_page_says_how_it_is_embedded(client):
    claim = published()
    head = LexborHTMLParser(client.get(f"/claims/{claim.code}").content.decode())

    for content_type in ("application/json", "text/xml"):
        [link] = head.css(f'link[type="{content_type}+oembed"]')
        href = link.attributes["href"]
        assert href.startswith(f"{SITE}/oembed?url=https%3A%2F%2Ffactdesk.example%2Fclaims%2F")
        answer = client.get(href.removeprefix(SITE))
        assert answer["Content-Type"] == f"{content_type}; charset=utf-8"
        assert claim.text in answer.content.decode()


def test_a_page_gives_the_code_to_paste(client):
    claim = published(decided(with_evidence(ClaimFactory(text='</pre><script>alert("1")</script>'))))
    page = LexborHTMLParser(client.get(f"/claims/{claim.code}").content.decode())

    code = page.css_first("#cite-embed").text()
    frame, script = LexborHTMLParser(code).css("iframe, script")
    assert frame.attributes["src"] == f"{SITE}/embed/{claim.code}"
    assert script.attributes["src"] == f"{SITE}/static/factcheck/embed-host.js"
    assert "alert" in frame.attributes["title"] and script.text() == ""


@pytest.mark.parametrize(
    ("asked_for", "given"),
    [
        ({}, (600, 320)),
        ({"maxwidth": "400"}, (400, 320)),
        ({"maxwidth": "2000", "maxheight": "5000"}, (600, 320)),
        ({"maxwidth": "5", "maxheight": "0"}, (200, 200)),
        ({"maxwidth": "-400"}, (200, 320)),
        ({"maxwidth": "+300"}, (300, 320)),
        ({"maxwidth": "9" * 5000, "maxheight": "250"}, (600, 250)),
        ({"maxwidth": ""}, (600, 320)),
    ],
    ids=str,
)
def test_a_size_is_kept_to_within_what_can_be_read(client, asked_for, given):
    told = asked(client, f"{SITE}/claims/{published().code}", **asked_for).json()

    assert (told["width"], told["height"]) == given
    assert f'width="{given[0]}" height="{given[1]}"' in told["html"]


# What is asked for, with {code} a published claim's; then the status.
ATTACKS = [
    ({"url": "{site}/claims/{code}", "format": "yaml"}, 501),
    ({"url": "{site}/claims/{code}", "format": "JSON"}, 501),
    ({"url": "{site}/claims/{code}", "maxwidth": "abc"}, 400),
    ({"url": "{site}/claims/{code}", "maxwidth": "4e2"}, 400),
    ({"url": "{site}/claims/{code}", "maxheight": "300px"}, 400),
    ({"url": "{site}/claims/{code}", "maxheight": "٣٠٠"}, 400),
    ({"url": "{site}/claims/{code}", "maxheight": "-+5"}, 400),
    ({"url": "{site}/claims/{code}", "maxwidth": "1.5"}, 400),
    ({}, 400),
    ({"url": ""}, 400),
    ({"url": "{site}/claims/{code}", "callback": "alert(1)"}, 200),
    ({"url": "{site}/claims/{code}?utm_source=x#cite"}, 200),
    ({"url": "{site}/claims/{lower}"}, 200),
    ({"url": "{site}/claims/{code}/versions/1"}, 200),
    ({"url": "{site}/claims/{code}/versions/0"}, 404),
    ({"url": "http://factdesk.example/claims/{code}"}, 404),
    ({"url": "https://factdesk.example:8443/claims/{code}"}, 404),
    ({"url": "https://factdesk.example:x/claims/{code}"}, 404),
    ({"url": "https://www.factdesk.example/claims/{code}"}, 404),
    ({"url": "https://factdesk.example.evil.example/claims/{code}"}, 404),
    ({"url": "https://evil.example/https://factdesk.example/claims/{code}"}, 404),
    ({"url": "https://evil.example@factdesk.example/claims/{code}"}, 404),
    ({"url": "https://factdesk.example@evil.example/claims/{code}"}, 404),
    ({"url": "https://factdesk.example\\@evil.example/claims/{code}"}, 404),
    ({"url": "//factdesk.example/claims/{code}"}, 404),
    ({"url": "/claims/{code}"}, 404),
    ({"url": "javascript:alert('{site}/claims/{code}')"}, 404),
    ({"url": "{site}/claims/{code}/"}, 404),
    ({"url": "{site}/claims/{code}.jsonld"}, 404),
    ({"url": "{site}/claims/../claims/{code}"}, 404),
    ({"url": "{site}/claims/%2e%2e/{code}"}, 404),
    ({"url": "{site}/embed/{code}"}, 404),
    ({"url": "{site}/claims/{code}%00"}, 404),
    ({"url": "{site}/claims/{code}\x00"}, 404),
    ({"url": " {site}/claims/{code}"}, 404),
    ({"url": "{site}/claims/{code}\n"}, 404),
    ({"url": "{site}/admin/claim/{code}/"}, 404),
    ({"url": "{site}/claims/ＡＢＣＤ-ＥＦＧＨ"}, 404),
    ({"url": "https://[/claims/{code}"}, 404),
    ({"url": "{site}/claims/{code}?" + "a" * 4000}, 404),
]


@pytest.mark.parametrize(("parameters", "status"), ATTACKS, ids=[str(number) for number in range(len(ATTACKS))])
def test_only_our_own_published_claims_are_embedded(client, parameters, status):
    claim = published()
    words = {"site": SITE, "code": claim.code, "lower": claim.public_id.lower()}
    given = {name: value.replace("{", "{").format(**words) for name, value in parameters.items()}

    response = client.get("/oembed", given)
    assert response.status_code == status
    if status == 200:
        assert response["Content-Type"].startswith("application/json")
        assert "alert" not in response.content.decode()
    else:
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert claim.code not in response.content.decode()


def test_draft_and_missing_are_the_same_to_the_byte(client):
    missing, framed = asked(client, f"{SITE}/claims/0000-0000"), client.get("/embed/0000-0000")

    assert (missing.status_code, framed.status_code) == (404, 404)
    for code in (ClaimFactory().code, decided().code, decided().public_id.lower(), "abc", "é" * 8, "%00"):
        response = asked(client, f"{SITE}/claims/{code}")
        assert (response.status_code, response.content) == (404, missing.content)
        assert dict(response.headers) == dict(missing.headers)
        response = client.get(f"/embed/{quote(code)}")
        assert (response.status_code, response.content) == (404, framed.content)
        assert dict(response.headers) == dict(framed.headers)


def test_the_card_says_what_stands_today(client):
    claim = sorted_claim(text="Unmistakable words of a claim.")
    claim = published(decided(claim))
    card = body(client, claim.code)
    for said in ("Unmistakable words", "Correct", "The harbour office counted 412 arrivals.", "Fact Desk"):
        assert said in card
    assert claim.claimants.get().name in card and "On hold" not in card

    held(claim)
    card = body(client, claim.code)
    assert "On hold since 5 March 2026" in card and "The report now says 409." in card
    assert asked(client, f"{SITE}/claims/{claim.code}").json()["title"].endswith("(on hold)")

    corrected(claim)
    card = body(client, claim.code)
    assert "Corrected on 6 March 2026" in card and "The office mended its return." in card
    assert "On hold" not in card and SECRET not in card

    withdrawn(claim)
    gone = client.get(f"/embed/{claim.code}")
    assert gone.status_code == 410
    assert "Withdrawn" in gone.content.decode() and "The return was a forgery." in gone.content.decode()
    assert "Unmistakable" not in gone.content.decode()
    assert asked(client, f"{SITE}/claims/{claim.code}").status_code == 410


def test_the_card_alone_may_be_framed_and_can_do_nothing_there(client):
    claim = published(decided(sorted_claim()))

    for code in (claim.code, claim.public_id.lower(), "0000-0000"):
        card = client.get(f"/embed/{code}")
        policy = dict(part.split(" ", 1) for part in card["Content-Security-Policy"].split("; "))
        assert policy.pop("sandbox").startswith("allow-scripts allow-popups")
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "frame-ancestors": "*",
            "base-uri": "'none'",
            "form-action": "'none'",
        }
        assert "X-Frame-Options" not in card
        tree = LexborHTMLParser(card.content.decode())
        assert not tree.css("form, input, button, iframe, img, [style], style, script:not([src])")
        for link in tree.css("a"):
            assert link.attributes["href"].startswith(f"{SITE}/claims") and "?" not in link.attributes["href"]
            assert (link.attributes["target"], link.attributes["rel"]) == ("_blank", "noopener")
    for url in [*outputs(claim), *lists(claim), "/oembed", "/feed.atom", "/login", "/nowhere", "/embed", "/embed/a/b"]:
        response = client.get(url)
        assert response["X-Frame-Options"] == "DENY", url
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"], url


def test_the_card_knows_nobody(client, django_assert_num_queries):
    claim = published()
    lead = signed_in(DeskLeadFactory())
    stranger = client.get(f"/embed/{claim.code}")

    with django_assert_num_queries(1):
        response = lead.get(f"/embed/{claim.code}")
    assert response.content == stranger.content
    assert dict(response.headers) == dict(stranger.headers)
    assert "Cookie" not in response.get("Vary", "") and not response.cookies


def test_a_card_is_kept_for_a_minute_at_most(client):
    claim = published()
    first = client.get(f"/embed/{claim.code}")
    assert first["Cache-Control"] == "public, max-age=60"
    again = client.get(f"/embed/{claim.code}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, "public, max-age=60")

    held(claim)
    assert client.get(f"/embed/{claim.code}", headers={"If-None-Match": first["ETag"]}).status_code == 200
    withdrawn(claim)
    gone = client.get(f"/embed/{claim.code}", headers={"If-None-Match": "*"})
    assert (gone.status_code, gone["Cache-Control"]) == (410, "public, max-age=60")


def test_what_a_claim_says_is_no_markup_in_its_card(client):
    text = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    claim = published(decided(with_evidence(ClaimFactory(text=text))))

    card = body(client, claim.code)
    assert "<script>alert" not in card and "<img" not in card
    assert "&lt;script&gt;" in card
    html = asked(client, f"{SITE}/claims/{claim.code}").json()["html"]
    assert len(LexborHTMLParser(html).css("body *")) == 1


def test_the_121st_question_in_a_minute_waits(client, settings):
    settings.OEMBED_PER_MINUTE = 120
    in_memory.clear()
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        statuses = [asked(client, "x").status_code for _ in range(121)]
        assert statuses == [404] * 120 + [429]
        assert asked(client, "x")["Retry-After"] == "60"


def test_signposts_lead_to_every_form(client, settings):
    settings.LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
    claim = published()
    settings.PAGE_KEPT = 60
    first, kept = client.get(f"/claims/{claim.code}"), client.get(f"/claims/{claim.code}")

    url = f"{SITE}/claims/{claim.code}"
    links = kept["Link"].split(", ")
    assert first["Link"] == kept["Link"]
    assert f'<{url}>; rel="cite-as"' in links
    assert '<https://schema.org/ClaimReview>; rel="type"' in links
    assert f'<{SITE}/about>; rel="author"' in links
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links
    described = [link.split("; ") for link in links if 'rel="describedby"' in link]
    assert len(described) == 3
    for target, _, kind in described:
        answer = client.get(target.strip("<>").removeprefix(SITE))
        assert answer.status_code == 200
        assert f'type="{answer["Content-Type"].split(";")[0]}"' == kind
    assert json.loads(client.get(f"/claims/{claim.code}.jsonld").content)["url"] == url
