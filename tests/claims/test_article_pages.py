"""An article claim by claim, the picture beside a link, and what of a captured text readers may see."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from claims.formats.card import claim_card_png
from claims.models import Appearance
from claims.services.publishing import supersede_claim
from tests.claims.formats.documents import HELD, document
from tests.claims.stories import corrected, held, page, signed_in, withdrawn
from tests.factories import (
    NOW,
    ClaimFactory,
    DeskLeadFactory,
    EditorFactory,
    ReviewerFactory,
    SnapshotFactory,
    decided,
    published,
    with_evidence,
)

pytestmark = pytest.mark.django_db

TEXT = "The pier was shut. Harbours grew by half. Nobody asked about the cranes. The port lost 3 of 4 berths."


@pytest.fixture
def article():
    return SnapshotFactory(text=TEXT)


def claimed(article, quote: str):
    claim = ClaimFactory(text=f"Claim: {quote}")
    start = TEXT.index(quote)
    Appearance.objects.create(
        claim=claim, snapshot=article, quote=quote, start=start, end=start + len(quote), added_by=claim.drafted_by,
        added_at=NOW,
    )  # fmt: skip
    return published(decided(with_evidence(claim)))


def test_an_articles_claims_stand_in_the_order_of_its_text(client, article):
    last, first = claimed(article, "The port lost 3 of 4 berths."), claimed(article, "Harbours grew by half.")
    held(first)

    body = page(client, "article", article.source_id)

    assert body.index(first.code) < body.index(last.code)
    assert "2 claims checked" in body and "1 on hold" in body and "The report now says 409." in body
    assert body.count('class="plain-url"') == 2  # each verdict's source, once
    assert reverse("article", args=[article.source_id]) in page(client, "claim", last.code)


def test_only_the_desk_reads_the_captured_text(client, article):
    claimed(article, "Harbours grew by half.")
    unquoted = "Nobody asked about the cranes."

    for reader in (client, signed_in(EditorFactory())):
        assert unquoted not in page(reader, "article", article.source_id)
    body = page(signed_in(ReviewerFactory()), "article", article.source_id)
    assert unquoted in body and '<a href="#claim-1">[1]</a>' in body


def test_an_article_without_published_claims_is_not_there(client, article):
    claim = claimed(article, "Harbours grew by half.")
    assert "Claim: Harbours" in page(client, "article", article.source_id)

    withdrawn(claim)

    page(client, "article", article.source_id, status=404)
    page(client, "article", 2**70, status=404)
    page(client, "article", SnapshotFactory().source_id, status=404)


def test_an_article_page_takes_a_fixed_number_of_queries(client, article, django_assert_max_num_queries):
    for quote in ("Harbours grew by half.", "The pier was shut.", "The port lost 3 of 4 berths."):
        claimed(article, quote)

    with django_assert_max_num_queries(1):
        page(client, "article", article.source_id)


# -- cards ----------------------------------------------------------------------------------------------
def drawn(response) -> Image.Image:
    return Image.open(io.BytesIO(response.content))


def test_a_claim_has_a_card_that_changes_with_what_it_says(client):
    claim = published()
    url = reverse("claim-card", args=[claim.code])

    first = client.get(url)
    assert first.headers["Content-Type"] == "image/png" and drawn(first).size == (1200, 630)
    assert client.get(url, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    version = claim.public_document.version
    assert f"{url}?v={version}" in page(client, "claim", claim.code)
    assert client.get(f"{url}?v={version}").headers["Cache-Control"] == "public, max-age=86400"

    seen = {first.content}
    for story in (held, corrected, withdrawn):
        claim = story(claim)
        response = client.get(url)
        assert response.content not in seen
        seen.add(response.content)
    assert response.status_code == 410


def test_an_unpublished_claim_has_no_card(client):
    assert client.get(reverse("claim-card", args=[decided().code])).status_code == 404
    claim = published()
    assert client.get(f"/claims/{claim.public_id}/card.png").headers["Location"] == f"/claims/{claim.code}/card.png"


@pytest.mark.parametrize(
    "text",
    [
        "word " * 300,
        "w" * 3000,
        "قالت الوزارة إن 28 من 48 مقعدا",
        "選挙で48議席のうち28議席を失った",
        "\u202e\u200b\x07",
        "🙂",
    ],
)
def test_a_card_is_drawn_for_any_words(text):
    for more in ({}, HELD):
        png = claim_card_png(document(text=text, **more), site_name="Fact Desk")
        assert Image.open(io.BytesIO(png)).size == (1200, 630)


def test_the_card_of_a_superseded_claim_stays(client):
    old, new = published(), published()
    supersede_claim(claim_id=old.pk, by_claim_id=new.pk, by=DeskLeadFactory(), now=NOW)

    assert client.get(reverse("claim-card", args=[old.code])).status_code == 200
