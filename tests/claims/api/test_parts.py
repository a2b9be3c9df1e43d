"""Parts and forms of what is published: members by name, what is added, versions, annotations, cited sources."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.models import SourceCheck
from tests.claims.stories import corrected, withdrawn
from tests.factories import NOW, PASSAGE, ClaimFactory, SnapshotFactory, decided, published, with_evidence

from .conftest import caller, is_problem

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims"


@pytest.mark.parametrize("path", ["", "/{code}"])
def test_a_reader_may_name_the_members_they_want(anyone, path):
    claim = published()
    address = CLAIMS + path.format(code=claim.code)
    whole, answer = anyone.get(address), anyone.get(address + "?fields=text,verdict")
    told = answer.json() if path else answer.json()["results"][0]

    assert set(told) == {"id", "text", "verdict"} and told["text"] == claim.text
    assert answer["ETag"] != whole["ETag"]
    assert anyone.get(address + "?fields=text,verdict", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    for wrong in ("fields=password", "fields=", "fields=text,,x"):
        is_problem(anyone.get(f"{address}?{wrong}"), 400, "invalid_filter")


def test_a_reader_may_ask_for_more_with_a_claim(anyone):
    claim = corrected(published())
    source = claim.evidence.get().snapshot.source
    answer = anyone.get(f"{CLAIMS}/{claim.code}?expand=sources,history,versions&fields=text")
    told = answer.json()

    assert set(told) == {"id", "text", "sources", "history", "versions"}
    assert [(one["id"], one["link_state"]) for one in told["sources"]] == [(source.pk, "unknown")]
    assert [row["kind"] for row in told["history"]] == ["claim.published", "claim.corrected"]
    assert [row["kind"] for row in told["versions"]] == ["correction", "published"]
    source.link_state = "live"
    source.save()
    again = anyone.get(
        f"{CLAIMS}/{claim.code}?expand=sources,history,versions&fields=text", headers={"If-None-Match": answer["ETag"]}
    )
    assert again.json()["sources"][0]["link_state"] == "live"
    is_problem(anyone.get(f"{CLAIMS}/{claim.code}?expand=reviews"), 400, "invalid_filter")
    is_problem(anyone.get(f"{CLAIMS}/{claim.code}?sort=x"), 400, "invalid_filter")


def test_the_versions_of_a_claim_are_listed_with_why_they_came(anyone):
    claim = corrected(published())
    answer = anyone.get(f"{CLAIMS}/{claim.code}/versions")

    assert [(row["version"], row["kind"], row["reason"]) for row in answer.json()["results"]] == [
        (2, "correction", "The office mended its return."),
        (1, "published", ""),
    ]
    for row in answer.json()["results"]:
        assert anyone.get(row["url"]).json()["revision_sha256"] == row["revision_sha256"]
    etag = {"If-None-Match": answer["ETag"]}
    assert anyone.get(f"{CLAIMS}/{claim.code}/versions", headers=etag).status_code == 304


def test_evidence_is_given_as_web_annotations(anyone, settings):
    claim = published(decided(with_evidence(with_evidence(), snapshot=SnapshotFactory(title="Second"))))
    answer = anyone.get(f"{CLAIMS}/{claim.code}/annotations")
    page = answer.json()

    assert answer["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    assert (page["type"], page["partOf"]["total"], len(page["items"])) == ("AnnotationPage", 2, 2)
    one = anyone.get(page["items"][0]["id"].removeprefix(settings.SITE_URL)).json()
    assert one["@context"] == "http://www.w3.org/ns/anno.jsonld" and one["type"] == "Annotation"
    passage = claim.evidence.order_by("pk").first()
    quote, position, fragment = one["target"]["selector"]
    assert (quote["type"], quote["exact"]) == ("TextQuoteSelector", PASSAGE)
    assert quote["prefix"] == passage.prefix and quote["suffix"] == passage.suffix
    assert passage.snapshot.text[position["start"] : position["end"]] == PASSAGE
    assert fragment["value"].startswith(":~:text=") and one["target"]["source"] == passage.snapshot.source.url
    assert one["body"][0]["source"].endswith(f"/claims/{claim.code}")
    for number in ("0", "x", "999999"):
        is_problem(anyone.get(f"{CLAIMS}/{claim.code}/annotations/{number}"), 404, "not_found")


@pytest.mark.parametrize("path", ["", "?fields=text", "/versions", "/annotations", "/annotations/1"])
def test_of_a_withdrawn_claim_every_form_is_its_tombstone_and_of_an_unseen_one_nothing(anyone, path):
    gone, unseen = withdrawn(published()), decided()
    is_problem(anyone.get(f"{CLAIMS}/{gone.code}{path}"), 410, "withdrawn")
    is_problem(anyone.get(f"{CLAIMS}/{unseen.code}{path}"), 404, "not_found")


def test_a_source_is_public_while_a_published_claim_quotes_it(anyone, key):
    claim, unseen = published(), decided()
    source, hidden = claim.evidence.get().snapshot.source, unseen.evidence.get().snapshot.source
    SourceCheck.objects.create(source=source, attempt=1, checked_at=NOW, outcome="ok", link_state="live")

    told = anyone.get(f"/api/v1/sources/{source.pk}").json()
    assert (told["link_state"], told["checks"][0]["outcome"]) == ("unknown", "ok")
    assert not {"snapshots", "next_check_at", "registered_at"} & set(told)
    assert anyone.get(f"/api/v1/sources/{source.pk}/checks").json()["results"][0]["outcome"] == "ok"
    assert "snapshots" in key.get(f"/api/v1/sources/{source.pk}").json()
    for path in (f"{hidden.pk}", f"{hidden.pk}/checks", "999999", "x"):
        is_problem(anyone.get(f"/api/v1/sources/{path}"), 404, "not_found")
    assert key.get(f"/api/v1/sources/{hidden.pk}").status_code == 200
    withdrawn(claim)
    is_problem(anyone.get(f"/api/v1/sources/{source.pk}"), 404, "not_found")


def test_an_article_names_its_claims_in_a_fixed_number_of_queries(key):
    text = "The harbour office counted 412 arrivals in May. The pier cost 40 million in 2019."
    article = key.post("/api/v1/articles", {"text": text}, format="json").json()
    candidates = key.get(article["candidates"]).json()["results"]
    with CaptureQueriesContext(connection) as few:
        assert key.get("/api/v1/articles").json()["results"][0]["claims"] == []
    code = key.post(f"/api/v1/candidates/{candidates[0]['id']}:accept").json()["id"]
    key.post(f"/api/v1/candidates/{candidates[1]['id']}:merge", {"claim": code}, format="json")
    key.post("/api/v1/articles", {"text": "A second article says 12 people came."}, format="json")
    with CaptureQueriesContext(connection) as many:
        listed = key.get("/api/v1/articles").json()["results"]
    assert [[claim["id"] for claim in one["claims"]] for one in listed] == [[], [code]]
    assert len(many) <= len(few) + 1
    assert key.get(f"/api/v1/articles/{article['id']}").json()["claims"][0]["citability"] == "not_citable"


def test_an_editor_reads_all_of_it_too():
    claim = published(decided(with_evidence(ClaimFactory())))
    client = caller("editor")
    for path in ("", "?fields=text", "/versions", "/annotations"):
        assert client.get(f"{CLAIMS}/{claim.code}{path}").status_code == 200
