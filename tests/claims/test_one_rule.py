"""One rule for every output: only what is published, the same everywhere, through hold, correction and withdrawal."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import feedparser
import pytest
import time_machine
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.claims.stories import SECRET, corrected, held, sorted_claim, withdrawn
from tests.factories import NOW, ClaimFactory, decided, published, with_evidence

pytestmark = pytest.mark.django_db
TEXT = "Unmistakable words about 412 arrivals."
OTHER = "The quay has quite another claim."
MINUTE = 60


@pytest.fixture(autouse=True)
def _later(settings):
    settings.SITE_URL = "https://factdesk.example"
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        yield


def _text(url: str) -> Callable[[Client, str], str]:
    def read(client: Client, code: str) -> str:
        response = client.get(url.replace("CODE", code))
        return "" if response.status_code in (404, 410) else response.getvalue().decode()

    return read


def _page(url: str) -> Callable[[Client, str], str]:
    def read(client: Client, code: str) -> str:
        response = client.get(url.replace("CODE", code))
        tree = LexborHTMLParser(response.content.decode())
        return tree.body.text(separator=" ") if response.status_code == 200 and tree.body else ""

    return read


def _feed(url: str) -> Callable[[Client, str], str]:
    def read(client: Client, code: str) -> str:
        entries = feedparser.parse(client.get(url).content).entries
        return " ".join(f"{entry.title} {entry.summary}" for entry in entries if code in entry.link)

    return read


def _json(url: str, members: Callable[[Any], list[Any]]) -> Callable[[Client, str], str]:
    def read(client: Client, code: str) -> str:
        response = client.get(url.replace("CODE", code))
        if response.status_code in (404, 410):
            return ""
        found = [member for member in members(json.loads(response.getvalue())) if code in json.dumps(member)]
        return json.dumps(found, ensure_ascii=False) if found else ""

    return read


# Each place where a verdict is told: how what it says of one claim is read there.
OUTPUTS: dict[str, Callable[[Client, str], str]] = {
    "page": _page("/claims/CODE"),
    "API": _json("/api/v1/claims/CODE", lambda answer: [answer]),
    "API list": _json("/api/v1/claims", lambda answer: answer["results"]),
    "JSON-LD": _text("/claims/CODE.jsonld"),
    "JSON-LD in the page": lambda client, code: "".join(
        script.text() for script in LexborHTMLParser(client.get(f"/claims/{code}").content.decode()).css(
            'script[type="application/ld+json"]'
        )
    ),
    "DataFeed": _json("/claimreview.json", lambda answer: answer["dataFeedElement"]),
    "claims:search": _json("/v1alpha1/claims:search?query=unmistakable", lambda answer: answer.get("claims", [])),
    "pages": _json("/v1alpha1/pages/CODE", lambda answer: [answer]),
    "Atom": _feed("/feed.atom"),
    "JSON Feed": _json("/feed.json", lambda answer: answer["items"]),
    "oEmbed": _json("/oembed?url=https://factdesk.example/claims/CODE", lambda answer: [answer]),
    "card": _page("/embed/CODE"),
    "BibTeX": _text("/claims/CODE/cite.bib"),
    "CSL-JSON": _text("/claims/CODE/cite.json"),
    "plain citation": _text("/claims/CODE/cite.txt"),
}  # fmt: skip
# Of how oEmbed says it, only the title: its verdict stands in the card.
WITHOUT_VERDICT = {"oEmbed"}
MACHINES = ["/claimreview.json", "/v1alpha1/claims:search?query=unmistakable", "/feed.atom", "/feed.json"]
MACHINES += ["/corrections/feed.atom", "/oembed?url=https://factdesk.example/claims/CODE", "/embed/CODE"]


def told(client: Client, code: str) -> dict[str, str]:
    return {name: " ".join(read(client, code).split()) for name, read in OUTPUTS.items()}


def says(texts: dict[str, str], words: str, *, but: set[str] = frozenset()) -> None:
    silent = [name for name, text in texts.items() if name not in but and words.lower() not in text.lower()]
    assert silent == [], f"{words!r} is not said by {silent}"


def says_nowhere(texts: dict[str, str], words: str) -> None:
    assert [name for name, text in texts.items() if words.lower() in text.lower()] == []


def test_one_rule_for_every_output(client):
    claim = decided(sorted_claim(text=TEXT))
    assert set(told(client, claim.code).values()) == {""}

    published(claim)
    published(decided(with_evidence(ClaimFactory(text=OTHER))))
    texts = told(client, claim.code)
    plain = TEXT.removesuffix(".").removeprefix("Unmistakable ")  # BibTeX sets its capital in braces
    says(texts, plain)
    says(texts, "Correct", but=WITHOUT_VERDICT)
    says_nowhere(texts, "on hold")
    says_nowhere(texts, OTHER)

    claim.refresh_from_db()
    held(claim)
    texts = told(client, claim.code)
    says(texts, plain)
    says(texts, "on hold", but={"API", "API list"})
    for name in ("API", "API list"):
        assert '"citability": "on_hold"' in texts[name]
    # Nobody who keeps an answer keeps it for more than a minute without asking again.
    for url in MACHINES:
        cache = client.get(url.replace("CODE", claim.code))["Cache-Control"]
        assert int(cache.partition("max-age=")[2]) <= MINUTE, url

    corrected(claim)
    texts = told(client, claim.code)
    says(texts, plain)
    says(texts, "Incorrect", but=WITHOUT_VERDICT)
    says_nowhere(texts, "on hold")
    says_nowhere(texts, SECRET)
    [entry] = feedparser.parse(client.get("/corrections/feed.atom").content).entries
    assert entry.title == f"Correction: {TEXT}"

    withdrawn(claim)
    texts = told(client, claim.code)
    assert {name for name, text in texts.items() if text} == set()
    for url in ("/", "/claims", "/corrections", "/corrections/feed.atom", "/corrections/feed.json", "/embed/CODE"):
        assert "Unmistakable" not in client.get(url.replace("CODE", claim.code)).content.decode(), url
    # The notice of it stands in the corrections, their feeds and the card, with the reason.
    for url in ("/corrections", "/corrections/feed.atom", "/corrections/feed.json", "/embed/CODE", "/claims/CODE"):
        assert "The return was a forgery." in client.get(url.replace("CODE", claim.code)).content.decode(), url
    for url in ("/claims/CODE", "/claims/CODE.jsonld", "/claims/CODE/cite.bib", "/api/v1/claims/CODE", "/embed/CODE",
                "/v1alpha1/pages/CODE", "/oembed?url=https://factdesk.example/claims/CODE"):  # fmt: skip
        assert client.get(url.replace("CODE", claim.code)).status_code == 410, url
