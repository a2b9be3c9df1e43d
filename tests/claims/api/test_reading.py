"""Reading claims: what is published to everyone, by stored bytes; the rest to the desk alone."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, PublicDocument
from claims.services import claims, publishing, reviews
from tests.factories import (
    NOW,
    ClaimantFactory,
    ClaimFactory,
    DeskLeadFactory,
    ReviewerFactory,
    SnapshotFactory,
    TopicFactory,
    decided,
    judged,
    published,
    rating,
    with_evidence,
)

from .conftest import by_session, caller, is_problem

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims"


def withdrawn():
    claim = published()
    publishing.withdraw_claim(claim_id=claim.pk, reason="The report was withdrawn.", by=DeskLeadFactory(), now=NOW)
    return claim


@pytest.mark.parametrize("written", ["{}", "{}".lower(), "{}".replace("-", "")])
def test_a_published_claim_is_its_stored_document_byte_for_byte(anyone, written):
    claim = published()

    answer = anyone.get(f"{CLAIMS}/{written.format(claim.code)}")

    assert answer.status_code == 200
    assert answer.content.decode() == claim.public_document.body
    assert answer["ETag"] == f'"{claim.public_id}-1"'
    assert answer["Vary"] == "Accept, Accept-Encoding, Authorization, Cookie"


@pytest.mark.parametrize("path", ["claims", "claims/{code}", "claims/{code}/versions/1", "changes", "ratings"])
def test_head_answers_as_get_does_without_the_body(anyone, path):
    address = "/api/v1/" + path.format(code=published().code)
    got, head = anyone.get(address), anyone.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.get(name) for name in ("ETag", "Vary", "Content-Type")} == {
        name: got.get(name) for name in ("ETag", "Vary", "Content-Type")
    }


def test_an_unchanged_claim_answers_304_from_its_version_alone(anyone):
    claim = published()
    etag = anyone.get(f"{CLAIMS}/{claim.code}")["ETag"]

    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = anyone.get(f"{CLAIMS}/{claim.code}", headers={"If-None-Match": f'"other", W/{etag}'})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert len(queries) == 1 and "body" not in queries[0]["sql"]
    claims.hold_claims(claim_ids=[claim.pk], reason="A source changed.", now=NOW)
    again = anyone.get(f"{CLAIMS}/{claim.code}", headers={"If-None-Match": etag})
    assert again.status_code == 200 and again["ETag"] != etag
    assert again.json()["hold"]["reason"] == "A source changed."


@pytest.mark.parametrize("path", ["", "/versions/1"])
def test_a_withdrawn_claim_answers_410_with_its_tombstone(anyone, path):
    claim = withdrawn()

    body = is_problem(anyone.get(f"{CLAIMS}/{claim.code}{path}"), 410, "withdrawn")

    assert body["tombstone"]["citability"] == "withdrawn"
    assert body["tombstone"]["corrections"][0]["reason"] == "The report was withdrawn."


@pytest.mark.parametrize("who", ["nobody", "editor"])
@pytest.mark.parametrize("path", ["", "/history", "/versions/1"])
def test_a_claim_one_may_not_see_is_answered_as_one_that_does_not_exist(who, path):
    unseen, client = decided(), caller(who)

    seen = is_problem(client.get(f"{CLAIMS}/{unseen.code}{path}"), 404, "not_found")
    unknown = is_problem(client.get(f"{CLAIMS}/ZZZZ-ZZZZ{path}"), 404, "not_found")

    assert {**seen, "instance": ""} == {**unknown, "instance": ""}


@pytest.mark.parametrize("code", ["abc", "-1", "1 OR 1=1", str(2**63), "../1", "%00", "ſſſſſſſſ", "7K3M-Q9T%ff"])
def test_what_is_no_id_is_not_found(anyone, key, code):
    for client in (anyone, key):
        is_problem(client.get(f"{CLAIMS}/{code}"), 404, "not_found")
    for address in ("articles/{}", "articles/{}/candidates", "sources/{}", "sources/{}/checks", "snapshots/{}"):
        is_problem(key.get(f"/api/v1/{address.format(code)}"), 404, "not_found")


def test_the_list_joins_the_documents_in_two_queries_at_any_length(anyone):
    codes = [published().code for _ in range(3)]
    withdrawn()

    with CaptureQueriesContext(connection) as queries:
        answer = anyone.get(CLAIMS)

    assert len(queries) == 1
    assert [row["id"] for row in answer.json()["results"]] == codes[::-1]
    assert answer.json()["next"] is None and "Link" not in answer


def test_pages_follow_each_other_without_gap_or_repeat(anyone, key):
    codes = {published().code for _ in range(5)}
    for client in (anyone, key):
        seen, address = [], f"{CLAIMS}?page_size=2"
        while address:
            answer = client.get(address)
            seen += [row["id"] for row in answer.json()["results"]]
            address = answer.json()["next"]
            assert ("Link" in answer) == bool(address)
        assert len(seen) == len(codes) and set(seen) == codes


def test_the_desk_lists_all_claims_in_a_fixed_number_of_queries(key):
    published()
    ClaimFactory()
    key.get(CLAIMS)
    with CaptureQueriesContext(connection) as few:
        key.get(CLAIMS)
    for _ in range(5):
        ClaimFactory().topics.add(TopicFactory())
    with CaptureQueriesContext(connection) as many:
        answer = key.get(CLAIMS)

    assert len(few) == len(many)
    assert len(answer.json()["results"]) == 7
    assert {row["workflow"] for row in answer.json()["results"]} == {"completed", "unstarted"}


def test_the_desk_reads_a_claim_in_a_fixed_number_of_queries(key):
    claim = with_evidence()
    key.get(f"{CLAIMS}/{claim.code}")
    with CaptureQueriesContext(connection) as few:
        key.get(f"{CLAIMS}/{claim.code}")
    for number in range(4):
        with_evidence(claim, snapshot=SnapshotFactory(title=str(number)))
    with CaptureQueriesContext(connection) as many:
        answer = key.get(f"{CLAIMS}/{claim.code}")

    assert len(few) == len(many)
    assert len(answer.json()["evidence"]) == 5
    claim.refresh_from_db()
    assert answer["ETag"] == f'"v{claim.version}"'
    assert key.get(f"{CLAIMS}/{claim.code}", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.fixture
def two():
    """Two published claims, of which the filters of the tests keep the first."""
    wanted = with_evidence(ClaimFactory(text="The pier cost 40% more_than planned.", language="pt-BR"))
    wanted.topics.add(TopicFactory(slug="piers"))
    wanted.claimants.add(ClaimantFactory(slug="kim"))
    wanted = published(decided(wanted, slug="misleading"))
    PublicDocument.objects.filter(claim=wanted).update(updated_at=NOW + timedelta(days=1))
    Claim.objects.filter(pk=wanted.pk).update(updated_at=NOW + timedelta(days=1))
    claims.hold_claims(claim_ids=[published().pk], reason="A source changed.", now=NOW)
    return wanted


@pytest.mark.parametrize("who", ["nobody", "editor", "key"])
@pytest.mark.parametrize(
    "filters",
    [
        "verdict=misleading", "citability=citable", "topic=piers", "claimant=kim", "source={source}", "article={url}",
        "language=pt-BR", "updated_since=2026-03-02T10:00:00%2B00:00", "updated_since=2026-03-03", "q=40%25 more_",
        "q=PIER&verdict=misleading",
    ],
)  # fmt: skip
def test_filters_keep_what_they_say(two, who, filters):
    source = two.evidence.get().snapshot.source
    filters = filters.format(source=source.pk, url=source.url + "%23top")

    answer = caller(who).get(f"{CLAIMS}?{filters}")

    assert [row["id"] for row in answer.json()["results"]] == [two.code]


@pytest.mark.parametrize("filters", ["q=4_", "q=%25", "q=less-than", "topic=x", "verdict=x", "source=x", "article=x"])
def test_filters_are_literal(two, anyone, filters):
    found = anyone.get(f"{CLAIMS}?{filters}").json()["results"]
    assert found == []


def test_an_unpublished_edit_neither_finds_nor_hides_a_published_claim(anyone):
    claim = published()
    claims.reopen_claim(claim_id=claim.pk, reason="A reader wrote.", by=claim.drafted_by, now=NOW)
    claim.refresh_from_db()
    topic, secret = TopicFactory(slug="secret"), "a secret wording"
    claims.edit_claim(
        claim_id=claim.pk, version=claim.version, text=secret, topics=[topic], by=claim.drafted_by, now=NOW
    )

    assert anyone.get(f"{CLAIMS}?q=secret").json()["results"] == []
    assert anyone.get(f"{CLAIMS}?topic=secret").json()["results"] == []
    assert len(anyone.get(f"{CLAIMS}?q=412 arrivals").json()["results"]) == 1


@pytest.mark.parametrize("who", ["nobody", "key"])
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("sort=password", "invalid_filter"),
        ("drafted_by__password=x", "invalid_filter"),
        (f"q={'x' * 10_000}", "invalid_filter"),
        ("q=%00", "invalid_filter"),
        ("citability=great", "invalid_filter"),
        ("page=0", "invalid_page"),
        ("page=-1", "invalid_page"),
        ("page_size=0", "invalid_page"),
        ("page_size=ten", "invalid_page"),
        ("cursor=garbage", "invalid_page"),
        ("cursor=WzEsMl0", "invalid_page"),
        ("cursor=bnVsbA", "invalid_page"),
        ("updated_since=2024-02-30", "invalid_date"),
        ("updated_since=0000-00-00", "invalid_date"),
        ("updated_since=99999-01-01", "invalid_date"),
        ("updated_since=2024-02-03T10:00:00", "invalid_date"),
        ("updated_since=0001-01-01T00:00:00%2B14:00", "invalid_date"),
    ],
)
def test_a_filter_or_page_that_is_not_understood_is_refused_by_name(who, query, code):
    body = is_problem(caller(who).get(f"{CLAIMS}?{query}"), 400, code)

    assert list(body["errors"]) == [query.partition("=")[0]]


def test_the_workflow_is_the_desks_to_filter_by(anyone, key):
    is_problem(anyone.get(f"{CLAIMS}?workflow=dropped"), 400, "invalid_filter")
    ClaimFactory()
    assert len(key.get(f"{CLAIMS}?workflow=unstarted").json()["results"]) == 1


def test_a_page_is_clamped(anyone):
    published()
    assert anyone.get(f"{CLAIMS}?page_size=100000").status_code == 200


def test_many_claims_tell_their_status_in_one_query(anyone):
    good, gone, unseen = published(), withdrawn(), decided()

    with CaptureQueriesContext(connection) as queries:
        answer = anyone.post(
            f"{CLAIMS}:status", {"ids": [good.code.lower(), gone.code, unseen.code, "nonsense"]}, format="json"
        )

    assert len(queries) == 1
    found = {row["id"]: row for row in answer.json()["results"]}
    assert found[good.code]["rating"] == "correct" and found[good.code]["citability"] == "citable"
    assert found[gone.code]["citability"] == "withdrawn" and found[gone.code]["rating"] is None
    assert answer.json()["not_found"] == [unseen.code, "nonsense"]


def test_more_than_500_ids_are_refused(anyone):
    is_problem(anyone.post(f"{CLAIMS}:status", {"ids": ["x"] * 501}, format="json"), 400, "too_long")


def test_a_publication_stays_as_it_was_and_may_be_kept(anyone):
    claim = published()

    answer = anyone.get(f"{CLAIMS}/{claim.code}/versions/1")

    publication = claim.publications.get()
    assert answer.json() == {
        **json.loads(publication.document),
        "version": 1,
        "published_at": "2026-03-02T09:00:00Z",
        "revision_sha256": publication.revision_sha256,
    }
    assert "immutable" in answer["Cache-Control"]
    again = anyone.get(f"{CLAIMS}/{claim.code}/versions/1", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    for number in ("2", "0", "-1", "x", str(2**63)):
        is_problem(anyone.get(f"{CLAIMS}/{claim.code}/versions/{number}"), 404, "not_found")


def test_changes_are_read_in_order_from_any_of_them(anyone):
    first, second = published(), withdrawn()

    rows = anyone.get("/api/v1/changes").json()["results"]
    assert [(row["seq"], row["kind"], row["claim"]) for row in rows] == [
        (0, "claim.published", first.code),
        (1, "claim.published", second.code),
        (2, "claim.withdrawn", second.code),
    ]
    page = anyone.get("/api/v1/changes?after=0&page_size=1").json()
    assert [row["seq"] for row in page["results"]] == [1]
    rest = anyone.get(page["next"]).json()
    assert [row["seq"] for row in rest["results"]] == [2]
    assert anyone.get(rest["next"]).json()["results"] == []
    assert len(anyone.get("/api/v1/changes?after=-1").json()["results"]) == 3
    assert [row["seq"] for row in anyone.get(f"{CLAIMS}/{second.code}/history").json()["results"]] == [1, 2]


@pytest.mark.parametrize("after", ["x", "-2", "1.5", str(2**63), ""])
def test_a_place_in_the_ledger_that_is_none_is_refused(anyone, after):
    is_problem(anyone.get(f"/api/v1/changes?after={after}"), 400, "invalid_page")


def test_a_merged_claim_sends_the_desk_on_to_the_other(key, anyone):
    other = with_evidence()
    claim = with_evidence()
    claims.merge_claim(claim_id=claim.pk, into_id=other.pk, by=claim.drafted_by, now=NOW)

    answer = key.get(f"{CLAIMS}/{claim.code}")
    assert (answer.status_code, answer["Location"]) == (308, f"{CLAIMS}/{other.code}")
    is_problem(anyone.get(f"{CLAIMS}/{claim.code}"), 404, "not_found")


def test_no_internal_word_is_in_any_public_answer(anyone):
    claim = decided()
    claims.add_note(claim_id=claim.pk, author=claim.drafted_by, text="Between us: phone them.", now=NOW)
    claim = published(claim)
    reviewer_names = set(claim.reviews.values_list("reviewer__username", flat=True))

    paths = ["", "/history", "/versions/1"]
    answers = [anyone.get(f"{CLAIMS}/{claim.code}{path}").content.decode() for path in paths]
    answers += [anyone.get(path).content.decode() for path in (CLAIMS, "/api/v1/changes")]

    for text in answers:
        assert "Between us" not in text and "The log." not in text
        assert not any(f'"{name}"' in text for name in reviewer_names)
    for path in ("/notes", "/reviews", "/evidence", "/revision", "/verdict"):
        is_problem(anyone.get(f"{CLAIMS}/{claim.code}{path}"), 401, "not_authenticated")


def test_a_cross_check_is_blind(key):
    claim = with_evidence()
    judged(claim, by=claim.drafted_by, slug="misleading")
    second = ReviewerFactory()

    for client in (key, by_session(second)):
        assert client.get(f"{CLAIMS}/{claim.code}/reviews").json()["results"] == []
        text = client.get(f"{CLAIMS}/{claim.code}").content.decode() + client.get(CLAIMS).content.decode()
        assert "misleading" not in text
    assert len(by_session(claim.drafted_by).get(f"{CLAIMS}/{claim.code}/reviews").json()["results"]) == 1
    claim.refresh_from_db()
    reviews.submit_review(
        claim_id=claim.pk, version=claim.version, reviewer=second, rating=rating("correct"), rationale="Log.", now=NOW
    )
    assert len(by_session(second).get(f"{CLAIMS}/{claim.code}/reviews").json()["results"]) == 2


def test_the_words_of_published_claims_are_public(anyone, key):
    used, unused = TopicFactory(), TopicFactory()
    claim = decided()
    claim.topics.add(used)
    published(claim)

    assert [row["slug"] for row in anyone.get("/api/v1/topics").json()["results"]] == [used.slug]
    assert {row["slug"] for row in key.get("/api/v1/topics").json()["results"]} == {used.slug, unused.slug}
    assert anyone.get("/api/v1/claimants").json()["results"] == []
    assert [row["slug"] for row in anyone.get("/api/v1/ratings").json()["results"]][:2] == [
        "correct",
        "mostly_correct",
    ]
