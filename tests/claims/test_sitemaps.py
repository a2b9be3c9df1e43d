"""What search engines are told: an index of pages, each bounded; the rules for robots; whom to write to."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.services.publishing import supersede_claim
from claims.views import sitemaps
from tests.claims.stories import held, sorted_claim, withdrawn
from tests.factories import NOW, DeskLeadFactory, decided, published

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200 and response.headers["Content-Type"] == "application/xml"
    found = ET.fromstring(response.content).findall("*/s:loc", NAMES)
    return [element.text.removeprefix("http://127.0.0.1:8000") for element in found]


def test_the_sitemap_lists_every_published_claim_on_pages_of_a_bounded_size(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "SPAN", 2)
    shown = [published() for _ in range(3)] + [held(published())]
    _draft, _gone, old = decided(), withdrawn(published()), published()
    supersede_claim(claim_id=old.pk, by_claim_id=shown[0].pk, by=DeskLeadFactory(), now=NOW)

    pages = addresses(client, "/sitemap.xml")
    listed = [address for page in pages[1:] for address in addresses(client, page)]

    assert len(pages) >= 3
    assert sorted(listed) == sorted(claim.get_absolute_url() for claim in shown)
    assert "<lastmod>2026-03-" in client.get(pages[1]).content.decode()


def test_the_sitemap_lists_topics_and_claimants(client):
    claim = published(decided(sorted_claim()))

    listed = addresses(client, "/sitemaps/pages.xml")

    assert claim.topics.get().get_absolute_url() in listed
    assert claim.claimants.get().get_absolute_url() in listed
    assert "/corrections" in listed


@pytest.mark.parametrize("name", ["claims-99", "claims-x", "claims-", "nothing", "claims-" + "9" * 30])
def test_a_page_of_the_sitemap_that_is_none_is_not_there(client, name):
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_robots_are_told_the_sitemap_and_what_is_not_for_them(client):
    body = client.get(reverse("robots")).content.decode()

    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in body
    for path in ("/admin/", "/uses", "/check", "/account"):
        assert f"Disallow: {path}\n" in body


def test_security_txt_has_what_rfc_9116_demands(client):
    response = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"].startswith(("mailto:", "https://"))
    expires = datetime.fromisoformat(fields["Expires"]).astimezone(UTC)
    assert 0 < (expires - timezone.now()).days < 365
    assert fields["Canonical"].endswith("/.well-known/security.txt")
