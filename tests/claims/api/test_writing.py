"""Writing: the desk's integrations by key, judging and publishing by people alone, each request once."""

import io
import json

import pytest

from claims.models import Article, Candidate, Claim, Claimant, Evidence
from claims.services import publishing
from sources.models import Source
from tests.factories import (
    PASSAGE,
    ClaimFactory,
    DeskLeadFactory,
    ReviewerFactory,
    SnapshotFactory,
    SourceFactory,
    TopicFactory,
    decided,
    with_evidence,
)

from .conftest import by_key, by_session, caller, is_problem

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims"
ARTICLE = "The harbour office counted 412 arrivals in May. Kim Reed said the pier cost 40 million. Was it worth it?"


@pytest.fixture(autouse=True)
def handed_out(monkeypatch):
    """Note which articles are handed to a worker, as no broker runs beside these tests."""
    asked = []
    monkeypatch.setattr("celery.Celery.send_task", lambda app, name, kwargs, **_: asked.append(kwargs))
    return asked


# -- who may -------------------------------------------------------------------------------------------

WHO = ["nobody", "expired key", "editor", "key that reads", "key", "reviewer", "desk lead"]
READS = ["articles", "sources", "claims/{code}/evidence", "claims/{code}/notes", "claims/{code}/reviews",
         "claims/{code}/revision"]  # fmt: skip
WRITES = {
    "claims": {"text": "The pier cost 40 million."},
    "articles": {"text": ARTICLE},
    "sources": {"url": "https://tidewater.example/new"},
    "claims/{code}/notes": {"text": "Phone them."},
    "claims/{code}/evidence": {"quote": PASSAGE, "stance": "supports"},
}
PEOPLES = {
    "claims/{code}/reviews": {"rating": "correct", "rationale": "The log."},
    "claims/{code}/publications": {"revision_sha256": "x"},
    "claims/{code}:withdraw": {"reason": "Wrong."},
}


def expected(who: str, good: set[str]) -> int | None:
    if who in ("nobody", "expired key"):
        return 401
    return None if who in good else 403


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("path", READS)
def test_the_desks_reading_is_for_the_desk(who, path):
    answer = caller(who).get("/api/v1/" + path.format(code=with_evidence().code))
    assert answer.status_code == (expected(who, {"key that reads", "key", "reviewer", "desk lead"}) or 200)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("path", WRITES)
def test_the_desks_writing_is_for_whoever_works_there(who, path):
    members = dict(WRITES[path])
    if "stance" in members:
        members["snapshot"] = SnapshotFactory().pk
    answer = caller(who).post("/api/v1/" + path.format(code=ClaimFactory().code), members, format="json")
    assert answer.status_code == (expected(who, {"key", "reviewer", "desk lead"}) or 201), answer.content


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("path", PEOPLES)
def test_judging_and_publishing_take_a_person(who, path):
    claim = with_evidence()
    answer = caller(who).post(
        "/api/v1/" + path.format(code=claim.code), PEOPLES[path], format="json",
        headers={"If-Match": f'"v{claim.version}"'},
    )  # fmt: skip
    good = {"reviewer": {"reviews": 201}, "desk lead": {"reviews": 201, "publications": 409, ":withdraw": 409}}
    wanted = expected(who, {"reviewer", "desk lead"})
    if wanted is None:
        wanted = next((status for name, status in good[who].items() if name in path), 403)
    assert answer.status_code == wanted, answer.content
    assert answer.status_code == 201 or answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("owner", [ReviewerFactory, DeskLeadFactory])
@pytest.mark.parametrize(
    ("method", "path", "members"),
    [*(("post", path, members) for path, members in PEOPLES.items()), ("patch", "claims/{code}/verdict", {})],
)
def test_a_key_never_judges_or_publishes_whoever_owns_it(owner, method, path, members):
    claim = decided()
    answer = getattr(by_key(owner()), method)(
        "/api/v1/" + path.format(code=claim.code), members, format="json",
        headers={"If-Match": f'"v{claim.version}"'},
    )  # fmt: skip
    is_problem(answer, 403, "forbidden")


def test_a_reviewers_key_proposes_and_does_not_decide():
    claim, snapshot = ClaimFactory(), SnapshotFactory()
    answer = by_key(ReviewerFactory()).post(
        f"{CLAIMS}/{claim.code}/evidence",
        {"snapshot": snapshot.pk, "quote": PASSAGE, "stance": "refutes"},
        format="json",
    )
    assert answer.json()["is_proposal"] is True


# -- claims --------------------------------------------------------------------------------------------


def test_a_claim_is_drafted_with_its_claimants_topics_and_figures(key):
    topic = TopicFactory()
    answer = key.post(
        CLAIMS,
        {"text": "The pier cost 40 million.", "claimants": ["Kim Reed"], "topics": [topic.slug], "priority": 2},
        format="json",
    )

    claim = Claim.objects.get()
    assert answer.status_code == 201
    assert answer["Location"].endswith(f"/api/v1/claims/{claim.code}") and answer["ETag"] == '"v1"'
    body = answer.json()
    assert (body["id"], body["workflow"], body["version"]) == (claim.code, "unstarted", 1)
    assert body["claimants"][0]["name"] == "Kim Reed" and body["topics"][0]["slug"] == topic.slug
    assert body["figures"][0]["low"] == 40_000_000
    assert claim.history.first().history_user == claim.drafted_by


def test_an_edit_names_the_version_it_read(key):
    claim = ClaimFactory()
    address = f"{CLAIMS}/{claim.code}"

    is_problem(key.patch(address, {"text": "New."}, format="json"), 428, "precondition_required")
    for header in ("*", "v1", 'W/"v1"', '"1"', '"v1", "v2"', '"v01"', '"v99999999999999999999"'):
        answer = key.patch(address, {"text": "New."}, format="json", headers={"If-Match": header})
        is_problem(answer, 400, "invalid_header")
    stale = key.patch(address, {"text": "New."}, format="json", headers={"If-Match": '"v7"'})
    body = is_problem(stale, 412, "version_conflict")
    assert (body["current"], body["current_etag"]) == (1, '"v1"')

    good = key.patch(address, {"text": "New: 5 piers."}, format="json", headers={"If-Match": '"v1"'})
    assert (good.status_code, good["ETag"], good.json()["text"]) == (200, '"v2"', "New: 5 piers.")
    again = key.patch(address, {"text": "Other."}, format="json", headers={"If-Match": '"v1"'})
    is_problem(again, 412, "version_conflict")
    claim.refresh_from_db()
    assert claim.text == "New: 5 piers."


@pytest.mark.parametrize("member", ["workflow", "citability", "version", "public_id", "drafted_by"])
def test_an_edit_sets_nothing_it_should_not(key, member):
    claim = ClaimFactory()
    answer = key.patch(f"{CLAIMS}/{claim.code}", {member: "completed"}, format="json", headers={"If-Match": '"v1"'})
    assert list(is_problem(answer, 400, "unknown_field")["errors"]) == [member]


def test_a_refused_draft_leaves_no_claimant_behind(key):
    claim = decided()
    answer = key.patch(
        f"{CLAIMS}/{claim.code}",
        {"claimants": ["Somebody New"]},
        format="json",
        headers={"If-Match": f'"v{claim.version}"'},
    )
    is_problem(answer, 400, "invalid_claim")
    assert not Claimant.objects.exists()


# -- articles and candidates -------------------------------------------------------------------------------


def test_a_pasted_article_is_read_at_once_and_its_candidates_decided(key):
    answer = key.post("/api/v1/articles", {"text": ARTICLE, "title": "Harbour"}, format="json")
    again = key.post("/api/v1/articles", {"text": ARTICLE, "title": "Harbour"}, format="json")
    assert (answer.status_code, again.status_code) == (201, 200)
    article = answer.json()
    assert article == again.json() and article["progress"] == "read"
    assert key.get(f"/api/v1/articles/{article['id']}").json() == article

    found = key.get(article["candidates"] + "?page_size=1").json()
    rest = key.get(found["next"]).json()["results"]
    first, second = found["results"][0], rest[0]
    assert first["score"] >= second["score"]
    assert first["quote"] == ARTICLE[first["start"] : first["end"]]

    accepted = key.post(f"/api/v1/candidates/{first['id']}:accept", {"claimant": "Office"}, format="json")
    assert accepted.status_code == 201 and accepted.json()["appearances"][0]["claimant"] == "Office"
    is_problem(key.post(f"/api/v1/candidates/{first['id']}:accept"), 409, "candidate_decided")
    code = accepted.json()["id"]
    merged = key.post(f"/api/v1/candidates/{second['id']}:merge", {"claim": code}, format="json")
    assert len(merged.json()["appearances"]) == 2
    assert {c.decision for c in Candidate.objects.all()} == {"accepted", "merged"}


def test_a_candidate_is_dismissed(key):
    key.post("/api/v1/articles", {"text": ARTICLE}, format="json")
    candidate = Candidate.objects.first()
    answer = key.post(f"/api/v1/candidates/{candidate.pk}:dismiss")
    assert answer.json()["decision"] == "dismissed"
    open_ones = key.get(f"/api/v1/articles/{candidate.article_id}/candidates?decision=open").json()["results"]
    assert candidate.pk not in [row["id"] for row in open_ones]


def test_an_article_by_address_waits_for_a_worker(key, handed_out, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = key.post("/api/v1/articles", {"url": "https://tidewater.example/a"}, format="json")

    assert answer.status_code == 201 and answer.json()["progress"] == "waiting"
    assert handed_out == [{"article_id": answer.json()["id"]}]
    assert key.post("/api/v1/articles", {"url": "https://tidewater.example/a#b"}, format="json").status_code == 200
    assert Article.objects.count() == Source.objects.count() == 1


def test_a_lost_broker_costs_a_delay_and_no_article(key, monkeypatch, django_capture_on_commit_callbacks):
    def lost(*_, **__):
        raise ConnectionError("no broker")

    monkeypatch.setattr("celery.Celery.send_task", lost)
    with django_capture_on_commit_callbacks(execute=True):
        answer = key.post("/api/v1/articles", {"url": "https://tidewater.example/a"}, format="json")
    assert answer.status_code == 201 and Article.objects.get().progress == "waiting"


def test_an_article_is_uploaded_as_a_file(key):
    def upload(content, name="../../harbour.txt"):
        file = io.BytesIO(content)
        file.name = name
        return key.post("/api/v1/articles", {"file": file}, format="multipart")

    assert upload(ARTICLE.encode()).status_code == 201
    assert upload(ARTICLE.encode()).status_code == 200
    assert upload(b" ").status_code == 400
    for size in (10 * 2**20 + 1, 10 * 2**20 + 2**17):
        is_problem(upload(b"x" * size), 413, "too_large")
    assert Article.objects.count() == 1


@pytest.mark.parametrize("members", [{}, {"url": "https://a.example/", "text": "x"}, {"title": "x"}])
def test_an_article_is_given_by_address_or_as_text(key, members):
    is_problem(key.post("/api/v1/articles", members, format="json"), 400, "required")


# -- evidence, notes, reviews, publishing ----------------------------------------------------------------


@pytest.mark.parametrize(("who", "is_proposal"), [("key", True), ("reviewer", False)])
def test_a_stance_that_comes_with_a_key_is_a_proposal(who, is_proposal):
    claim, snapshot = ClaimFactory(), SnapshotFactory()
    answer = caller(who).post(
        f"{CLAIMS}/{claim.code}/evidence",
        {"source": snapshot.source_id, "quote": PASSAGE, "stance": "supports", "note": "The report."},
        format="json",
    )
    assert answer.status_code == 201
    assert answer.json()["is_proposal"] is is_proposal
    assert (Evidence.objects.get().accepted_at is None) is is_proposal


def test_a_quote_that_is_not_there_is_refused_with_the_nearest_passage(key):
    answer = key.post(
        f"{CLAIMS}/{ClaimFactory().code}/evidence",
        {"snapshot": SnapshotFactory().pk, "quote": PASSAGE.replace("412", "413"), "stance": "supports"},
        format="json",
    )
    body = is_problem(answer, 400, "quote_not_found")
    assert "harbour" in body["nearest"].lower() and "quote" in body["errors"]


@pytest.mark.parametrize("member", ["snapshot", "source"])
@pytest.mark.parametrize("value", [0, -1, 2**63, 10**30, 999_999])
def test_what_is_quoted_exists(key, member, value):
    answer = key.post(
        f"{CLAIMS}/{ClaimFactory().code}/evidence", {member: value, "quote": "x", "stance": "context"}, format="json"
    )
    assert list(is_problem(answer, 400, "does_not_exist")["errors"]) == [member]


def test_a_source_without_a_readable_snapshot_cannot_be_quoted(key):
    answer = key.post(
        f"{CLAIMS}/{ClaimFactory().code}/evidence",
        {"source": SourceFactory().pk, "quote": "x", "stance": "context"},
        format="json",
    )
    is_problem(answer, 400, "does_not_exist")


def test_a_note_is_in_the_desks_thread(key):
    claim = ClaimFactory()
    assert key.post(f"{CLAIMS}/{claim.code}/notes", {"text": "Phone them."}, format="json").status_code == 201
    assert key.get(f"{CLAIMS}/{claim.code}/notes").json()["results"][0]["text"] == "Phone them."
    assert "Phone" not in json.dumps(key.get(f"{CLAIMS}/{claim.code}").json())


def test_a_source_is_registered_once(key):
    first = key.post("/api/v1/sources", {"url": "https://Tidewater.example/b#top", "kind": "report"}, format="json")
    again = key.post("/api/v1/sources", {"url": "https://tidewater.example/b"}, format="json")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] and first.json()["link_state"] == "unknown"


def test_a_claim_goes_from_review_to_correction_by_three_peoples_sessions():
    first, second, lead = ReviewerFactory(), ReviewerFactory(), DeskLeadFactory()
    claim = with_evidence(ClaimFactory(drafted_by=first))
    address = f"{CLAIMS}/{claim.code}"
    for person in (first, second):
        client = by_session(person)
        etag = client.get(address)["ETag"]
        review = {"rating": "correct", "rationale": "The log."}
        is_problem(client.post(f"{address}/reviews", review, format="json"), 428, "precondition_required")
        answer = client.post(f"{address}/reviews", review, format="json", headers={"If-Match": etag})
        assert answer.status_code == 201, answer.content
    words = {"finding": "It counted 412.", "explanation": "The report says so."}
    verdict = client.get(f"{address}/verdict")
    assert client.patch(f"{address}/verdict", words, format="json", headers={"If-Match": verdict["ETag"]}).json()[
        "finding"
    ]
    approval = {"revision_sha256": client.get(f"{address}/revision").json()["sha256"]}
    is_problem(client.post(f"{address}/publications", approval, format="json"), 403, "forbidden")
    client = by_session(lead)
    is_problem(
        client.post(f"{address}/publications", {"revision_sha256": "0" * 64}, format="json"), 409, "approval_stale"
    )
    answer = client.post(f"{address}/publications", approval, format="json")
    assert answer.status_code == 201 and answer.json()["version"] == 1
    assert caller("nobody").get(address).json()["citability"] == "citable"
    assert client.get(address).json()["published"] == caller("nobody").get(address).json()
    assert client.post(f"{address}:withdraw", {"reason": "Wrong report."}, format="json").status_code == 201
    is_problem(caller("nobody").get(address), 410, "withdrawn")


def test_an_author_cannot_publish():
    lead = DeskLeadFactory()
    claim = with_evidence(ClaimFactory(drafted_by=lead))
    claim = decided(claim)
    approval = {"revision_sha256": publishing.revision_of(claim).sha256}

    answer = by_session(lead).post(f"{CLAIMS}/{claim.code}/publications", approval, format="json")

    is_problem(answer, 403, "two_person_rule")
    assert not claim.publications.exists()


def test_a_rating_outside_the_scale_is_refused(reviewer):
    claim = with_evidence()
    for rating in ("true", "great"):
        answer = reviewer.post(
            f"{CLAIMS}/{claim.code}/reviews",
            {"rating": rating, "rationale": "x"},
            format="json",
            headers={"If-Match": f'"v{claim.version}"'},
        )
        is_problem(answer, 400, "invalid_choice")
