"""One story on every page: published, held, corrected, withdrawn, and at each step what each page says."""

import pytest
from django.urls import reverse

from claims.models import Appearance, Claim
from claims.services.citing import record_use
from tests.claims.stories import SECRET, corrected, held, signed_in, sorted_claim, withdrawn
from tests.factories import NOW, EditorFactory, SnapshotFactory, decided, published

pytestmark = pytest.mark.django_db

TEXT = "Unmistakable words about 412 arrivals."
QUOTE = "Unmistakable words about 412 arrivals were said."


def said(claim: Claim) -> int:
    """Note that an article made the claim, and return the article's id."""
    article = SnapshotFactory(text=f"{QUOTE} Nobody replied.")
    Appearance.objects.create(
        claim=claim, snapshot=article, quote=QUOTE, start=0, end=len(QUOTE), added_by=claim.drafted_by, added_at=NOW
    )
    return article.source_id


def test_one_story_on_every_page(client):
    claim = sorted_claim(text=TEXT)
    article_id = said(claim)
    claim, editor = decided(claim), signed_in(EditorFactory())
    page = reverse("claim", args=[claim.code])
    lists = {
        "front": reverse("home"),
        "list": reverse("claims"),
        "search": reverse("claims") + "?q=unmistakable",
        "topic": claim.topics.get().get_absolute_url(),
        "claimant": claim.claimants.get().get_absolute_url(),
        "article": reverse("article", args=[article_id]),
        "claim": page,
    }

    def read() -> dict[str, str]:
        told = {name: client.get(url) for name, url in lists.items()}
        texts = {name: "" if r.status_code in (404, 410) else r.content.decode() for name, r in told.items()}
        checked = editor.post(reverse("check"), {"text": TEXT}).content.decode()
        texts["check"] = checked[checked.index('class="checked-list"') :] if 'class="checked-list"' in checked else ""
        texts["uses"] = editor.get(reverse("uses")).content.decode()
        return texts

    def telling(words: str) -> set[str]:
        return {name for name, text in read().items() if words in text}

    def in_sitemap() -> bool:
        index = client.get("/sitemap.xml").content.decode()
        pages = [part.split("</loc>")[0] for part in index.split("<loc>")[1:]]
        return any(page in client.get("/sitemaps/" + url.split("/sitemaps/")[1]).content.decode() for url in pages)

    assert telling(claim.code) == set()
    assert not in_sitemap() and client.get(f"{page}/card.png").status_code == 404

    published(claim)
    assert telling(claim.code) == {*lists, "check"}
    assert telling("On hold since") == telling("Incorrect</span>") == set()
    assert in_sitemap()
    record_use(claim_id=claim.pk, article_url="https://n.example/", article_title="", by=EditorFactory(), now=NOW)
    record_use(
        claim_id=claim.pk, article_url="https://n.example/2", article_title="", now=NOW,
        by=type(claim.drafted_by).objects.get(pk=editor.session["_auth_user_id"]),
    )  # fmt: skip
    assert telling(claim.code) == {*lists, "check", "uses"}

    held(claim)
    assert telling("The report now says 409.") == {*lists, "check", "uses"}
    assert "To look at: 1" in read()["uses"]

    corrected(claim)
    assert telling("The report now says 409.") == set()
    assert telling("The office counted 401.") == {*lists, "check", "uses"}
    assert telling(SECRET) == set()
    old = client.get(reverse("claim-version", args=[claim.code, 1])).content.decode()
    assert "The harbour office counted 412 arrivals." in old and "An earlier version" in old
    assert "The office mended its return." in client.get(reverse("corrections")).content.decode()

    withdrawn(claim)
    assert telling("The office counted 401.") == telling(TEXT) - {"check", "uses"} == set()
    assert telling("The return was a forgery.") == {"front", "uses"}
    assert not in_sitemap()
    for url in (page, f"{page}/versions/1", f"{page}/card.png", f"{page}/cite.bib"):
        assert client.get(url).status_code == 410, url
    assert "The return was a forgery." in client.get(page).content.decode()
