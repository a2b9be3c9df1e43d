"""The public pages: only what is published, the same on every one of them, and nothing foreign as markup."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from claims.models import QuoteCheck
from claims.services import claims, publishing, reviews, verdicts
from sources.models import Source
from tests.claims.stories import (
    SECRET,
    corrected,
    held,
    lists,
    outputs,
    page,
    signed_in,
    sorted_claim,
    withdrawn,
)
from tests.factories import (
    NOW,
    ClaimantFactory,
    ClaimFactory,
    DeskLeadFactory,
    EditorFactory,
    ReviewerFactory,
    SnapshotFactory,
    SourceFactory,
    TopicFactory,
    decided,
    judged,
    published,
    rating,
    with_evidence,
)

pytestmark = pytest.mark.django_db


def test_a_published_claim_is_told_everywhere(client):
    claim = published(decided(sorted_claim()))

    for url in [*outputs(claim), *lists(claim)[:2], *lists(claim)[3:]]:
        body = client.get(url).content.decode()
        assert "412 arrivals" in body, url
    body = page(client, "claim", claim.code)
    for said in (
        "The harbour office counted 412 arrivals.",
        "Correct",
        "As of",
        "2 March 2026",
        "version 1",
        "Current",
    ):
        assert said in body
    assert "<blockquote" in body and "Repairs to the east pier" in body
    assert 'rel="nofollow ugc noopener noreferrer"' in body
    assert "#:~:text=" in body


def test_a_claim_on_hold_says_so_and_why_everywhere(client):
    claim = held(published(decided(sorted_claim())))

    for url in [reverse("home"), reverse("claims"), reverse("claim", args=[claim.code])]:
        body = client.get(url).content.decode()
        assert "On hold" in body and "The report now says 409." in body, url
    for form in ("bib", "json", "txt"):
        assert "On hold since 5 March 2026" in page(client, "claim-citation", claim.code, form)
    assert json.loads(page(client, "claim-jsonld", claim.code))["creativeWorkStatus"] == "On hold"
    assert "Evidence changed" in page(client, "claim", claim.code)


def test_a_correction_keeps_the_old_wording(client):
    claim = corrected(published())

    body = page(client, "claim", claim.code)
    for said in (
        "The office mended its return.",
        "The harbour office counted 412 arrivals.",
        "The office counted 401.",
    ):
        assert said in body
    assert reverse("claim-version", args=[claim.code, 1]) in body
    assert "The harbour office counted 412 arrivals." in page(client, "corrections")
    assert "The office mended its return." in page(client, "home")
    old = page(client, "claim-version", claim.code, 1)
    assert "The harbour office counted 412 arrivals." in old and "An earlier version" in old
    assert "application/ld+json" not in old
    page(client, "claim-version", claim.code, 3, status=404)
    page(client, "claim-version", claim.code, 0, status=404)
    page(client, "claim-version", claim.code, 2**70, status=404)


def test_a_withdrawn_claim_is_gone_with_a_tombstone_and_from_every_list(client):
    claim = sorted_claim(text="Unmistakable words about 412 arrivals.")
    claim = withdrawn(corrected(published(decided(claim))))

    for url in outputs(claim):
        response = client.get(url)
        assert response.status_code == 410, url
        assert "The return was a forgery." in response.content.decode()
        assert "Unmistakable words" not in response.content.decode()
    for url in lists(claim):
        assert "Unmistakable words" not in client.get(url).content.decode(), url
    assert "The return was a forgery." in page(client, "corrections")


def test_what_is_not_published_looks_like_what_does_not_exist(client):
    draft, ready = sorted_claim(), decided()
    unknown = client.get("/claims/0000-0000")

    assert unknown.status_code == 404
    for code in (draft.code, ready.code, draft.public_id, draft.code.lower()):
        for tail in ("", ".jsonld", "/versions/1", "/cite.bib", "/cite.json"):
            response = client.get(f"/claims/{code}{tail}")
            assert response.status_code == 404
            assert response.content == unknown.content
    for url in (draft.topics.get().get_absolute_url(), draft.claimants.get().get_absolute_url()):
        response = client.get(url)
        assert (response.status_code, response.content) == (404, unknown.content)
    assert client.get("/claims", {"q": "412 arrivals"}).content.decode().count('class="card"') == 0


@pytest.mark.parametrize(
    "code", ["abc", "-1", "1 OR 1=1", str(2**63), "..%2f1", "%00", "7K3M-Q9T%00", "é" * 8, "U" * 8]
)
def test_a_malformed_id_is_not_found(client, code):
    unknown = client.get("/claims/0000-0000")

    response = client.get(f"/claims/{code}")

    assert (response.status_code, response.content) == (404, unknown.content)


def test_nothing_internal_is_in_any_output(client):
    claim = sorted_claim()
    claims.add_note(claim_id=claim.pk, author=claim.drafted_by, text=SECRET, now=NOW)
    reviews.submit_review(
        claim_id=claim.pk, version=claim.version, reviewer=claim.drafted_by, rating=rating(), rationale=SECRET, now=NOW
    )
    claim.refresh_from_db()
    judged(claim, by=ReviewerFactory(first_name=SECRET, username=f"{SECRET}-1"))
    verdict = claim.verdicts.get()
    verdicts.write_verdict(
        claim_id=claim.pk, version=verdict.version, finding="It did.", explanation="We read it.",
        by=claim.drafted_by, now=NOW,
    )  # fmt: skip
    claim.refresh_from_db()
    claim = held(corrected(published(claim)))
    others = [reverse("methodology"), reverse("about"), reverse("claims") + f"?q={claim.code}"]

    for reader in (client, signed_in(EditorFactory())):
        for url in [*outputs(claim), *lists(claim), *others]:
            assert SECRET not in reader.get(url, follow=True).content.decode(), url


def test_an_edit_that_is_not_published_is_seen_nowhere(client):
    claim = published(decided(sorted_claim()))
    claims.reopen_claim(claim_id=claim.pk, reason="New figures.", by=claim.drafted_by, now=NOW)
    claim.refresh_from_db()
    added = TopicFactory()
    claims.edit_claim(
        claim_id=claim.pk, version=claim.version, by=claim.drafted_by, now=NOW, text="Quokkas counted it.",
        topics=[added],
    )  # fmt: skip

    assert "Quokkas" not in page(client, "claim", claim.code)
    assert "Quokkas" not in page(client, "claims")
    assert "found" in client.get("/claims", {"q": "Quokkas"}).content.decode()
    assert client.get("/claims", {"q": "Quokkas"}).context["claims"] == []
    assert client.get("/claims", {"topic": added.slug}).context["claims"] == []


def test_a_code_is_read_in_any_way_and_written_in_one(client):
    claim = published()

    for code in (claim.public_id, claim.code.lower(), claim.public_id.lower()):
        response = client.get(f"/claims/{code}")
        assert (response.status_code, response["Location"]) == (301, f"/claims/{claim.code}")
    response = client.get(f"/claims/{claim.public_id}/versions/1")
    assert (response.status_code, response["Location"]) == (301, f"/claims/{claim.code}/versions/1")


def test_the_page_carries_its_claimreview_and_the_two_agree(client):
    claim = published()

    body = page(client, "claim", claim.code)
    embedded = body.split('<script type="application/ld+json">')[1].split("</script>")[0]

    assert json.loads(embedded) == json.loads(page(client, "claim-jsonld", claim.code))
    assert json.loads(embedded)["reviewRating"]["ratingValue"] == 5
    assert client.get(reverse("claim-jsonld", args=[claim.code]))["Content-Type"] == "application/ld+json"


def test_a_superseded_claim_points_to_the_one_that_replaces_it(client):
    old, new = published(), published()
    publishing.supersede_claim(claim_id=old.pk, by_claim_id=new.pk, by=DeskLeadFactory(), now=NOW)

    response = client.get(reverse("claim", args=[old.code]))
    assert response.headers["Location"] == f"/claims/{new.code}?instead-of={old.code}"
    body = client.get(response.headers["Location"]).content.decode()
    assert f"You asked for claim {old.code}" in body and reverse("claim-version", args=[old.code, 1]) in body
    assert f'replaces it: <a href="/claims/{new.code}"' in page(client, "claim-version", old.code, 1)
    assert [c["code"] for c in client.get("/claims?citable=1").context["claims"]] == [new.code]
    assert "You asked for" not in client.get(f"/claims/{new.code}?instead-of={published().code}").content.decode()


def test_a_source_that_changed_says_nothing_in_public_before_it_is_confirmed(client):
    claim = published()
    Source.objects.update(disturbed_at=NOW + timedelta(hours=1))

    assert "Evidence changed" not in page(client, "claim", claim.code)


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}",
    "</textarea><svg onload=alert(1)>",
    "'-alert(1)-'",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_foreign_text_is_shown_as_text(client, payload):
    quote = f"The office counted 412 {payload} arrivals."
    snapshot = SnapshotFactory(
        text=f"Before. {payload} {quote} {payload} After.",
        source=SourceFactory(title=payload, author=payload, url="https://tidewater.example/x"),
    )
    claim = ClaimFactory(text=f"Claim {payload}", context=payload)
    claim.claimants.add(ClaimantFactory(name=payload, same_as="javascript:alert(1)"))
    claim.topics.add(TopicFactory(name=payload))
    claim = published(decided(with_evidence(claim, snapshot=snapshot, quote=quote)))
    held(claim, reason=payload)

    for url in [*outputs(claim)[:3], *lists(claim)]:
        response = client.get(url)
        body = response.content.decode()
        if response["Content-Type"].startswith("text/html"):
            assert "<" not in payload or payload not in body, url
            assert "<script>alert" not in body and "<img src=x" not in body and "<svg onload" not in body
            assert "javascript:" not in body
    shown = page(client, "claim", claim.code)
    assert "Claim " in shown and "arrivals." in shown


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://tidewater.example/x"])
def test_only_web_addresses_become_links(client, url):
    snapshot = SnapshotFactory(source=SourceFactory(url=url))
    claim = published(decided(with_evidence(snapshot=snapshot)))

    assert url.split(":")[0] + ":" not in page(client, "claim", claim.code)


def test_a_page_is_kept_for_strangers_until_its_document_moves(client, settings, django_assert_num_queries):
    settings.PAGE_KEPT = 60.0
    claim = published()
    url = reverse("claim", args=[claim.code])
    first = client.get(url)

    with django_assert_num_queries(1):
        again = client.get(url)

    assert again.content == first.content and again.headers["Link"] == first.headers["Link"]
    security = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
    assert {name: again.headers[name] for name in security} == {name: first.headers[name] for name in security}
    assert again.headers["Vary"] == "Cookie" and again.headers["Cache-Control"] == "public, no-cache"
    assert client.get(url, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    assert "Record where you cite it" in page(signed_in(EditorFactory()), "claim", claim.code)
    assert "Record where you cite it" not in page(client, "claim", claim.code)
    held(claim)
    assert "On hold since" in page(client, "claim", claim.code)
    withdrawn(claim)
    assert client.get(url).status_code == 410


def test_a_passage_says_what_the_newest_look_found_and_where_copies_are(client):
    claim = published()
    source = claim.evidence.get().snapshot.source
    source.archived_copies.create(url="https://archive.example/1", archived_at=NOW, found_at=NOW)
    later = SnapshotFactory(source=source, fetched_at=NOW + timedelta(days=1))
    quote_checked(claim, later, "intact")

    body = page(client, "claim", claim.code)
    assert "the same words stand there" in body
    assert 'href="https://archive.example/1"' in body and "Our capture" not in body
    assert "Our capture" in page(signed_in(ReviewerFactory()), "claim", claim.code)
    newer = SnapshotFactory(source=source, fetched_at=NOW + timedelta(days=2))
    quote_checked(claim, newer, "figure_changed", awaits_confirmation=True)
    assert "a figure differs" not in page(client, "claim", claim.code).lower()


def quote_checked(claim, snapshot, result, **given):
    QuoteCheck.objects.create(
        evidence=claim.evidence.get(), snapshot=snapshot, result=result, reason="A figure differs: 409 for 412.",
        checked_at=snapshot.fetched_at, first_seen_at=snapshot.fetched_at, **given,
    )  # fmt: skip


def test_one_passage_is_shown_once(client):
    body = page(client, "claim", published().code)

    assert body.count("<blockquote") == 1
    assert "the source shown above" in body


def test_surroundings_are_cut_at_words(client):
    text = "Beginning " + "harbourage " * 40 + "The office counted 412 arrivals in May" + " quaysides" * 40
    claim = published(decided(with_evidence(snapshot=SnapshotFactory(text=text), quote="counted 412 arrivals in May")))

    body = page(client, "claim", claim.code)
    around = re.findall(r'<span class="around">(.*?)</span>', body, re.S)
    assert around[0].startswith("…&nbsp;harbourage ") and around[1].endswith("quaysides&nbsp;…")
