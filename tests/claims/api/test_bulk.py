"""Many claims at once, each with an outcome; and a proposal that a person accepts."""

import pytest

from claims.models import Claim, Claimant, Evidence
from claims.services.publishing import missing_for_publication, revision_of
from tests.factories import PASSAGE, ApiClientFactory, ClaimFactory, ReviewerFactory, SnapshotFactory, TopicFactory

from .conftest import by_key, by_session, caller, is_problem

pytestmark = pytest.mark.django_db
BULK = "/api/v1/claims:bulk"


def test_each_row_is_taken_or_refused_by_itself(key):
    topic = TopicFactory()
    rows = [
        {"text": "The pier is 40 metres long.", "claimants": ["Kim Reed"], "topics": [topic.slug]},
        {"text": " "},
        {"text": "x", "workflow": "completed"},
        {"text": "x", "topics": ["nowhere"], "claimants": ["Nobody New"]},
        "not a claim",
        {"text": "The ferry took 412 people."},
    ]
    answer = key.post(BULK, {"claims": rows}, format="json").json()

    assert (answer["created"], answer["refused"]) == (2, 4)
    assert [row["index"] for row in answer["results"]] == list(range(6))
    assert [row["status"] for row in answer["results"]] == [201, 400, 400, 400, 400, 201]
    problems = [row["problem"] for row in answer["results"]]
    assert [problem["code"] for problem in problems if problem] == [
        "blank", "unknown_field", "does_not_exist", "invalid_type",
    ]  # fmt: skip
    assert list(problems[1]["errors"]) == ["text"]
    made = {claim.code for claim in Claim.objects.all()}
    assert {row["id"] for row in answer["results"] if row["id"]} == made and len(made) == 2
    assert [claimant.name for claimant in Claimant.objects.all()] == ["Kim Reed"]


def test_it_is_done_once_for_its_key_and_counted_once(settings):
    settings.SUBMISSIONS_PER_MINUTE = 2
    key, body = by_key(ApiClientFactory()), {"claims": [{"text": f"Pier {number}."} for number in range(30)]}
    first = key.post(BULK, body, format="json", headers={"Idempotency-Key": '"one"'})
    again = key.post(BULK, body, format="json", headers={"Idempotency-Key": '"one"'})

    assert first.status_code == again.status_code == 200 and first.content == again.content
    assert Claim.objects.count() == 30
    is_problem(key.post(BULK, body, format="json"), 429, "rate_limited")


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "required"), ({"claims": []}, "empty"), ({"claims": "x"}, "invalid_type"),
     ({"claims": [{"text": "x"}] * 101}, "too_long"), ({"claims": [{"text": "x"}], "more": 1}, "unknown_field")],
)  # fmt: skip
def test_a_body_that_is_no_list_of_claims_is_refused_whole(key, body, code):
    assert list(is_problem(key.post(BULK, body, format="json"), 400, code)["errors"]) in (["claims"], ["more"])
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("nobody", 401), ("editor", 403), ("key that reads", 403)])
def test_it_takes_the_desk(who, status):
    assert caller(who).post(BULK, {"claims": [{"text": "x"}]}, format="json").status_code == status


def test_a_proposal_counts_once_a_reviewer_has_accepted_its_stance():
    claim, snapshot = ClaimFactory(), SnapshotFactory()
    key = by_key(ReviewerFactory())
    made = key.post(
        f"/api/v1/claims/{claim.code}/evidence",
        {"snapshot": snapshot.pk, "quote": PASSAGE, "stance": "refutes"}, format="json",
    ).json()  # fmt: skip
    address = f"/api/v1/claims/{claim.code}/evidence/{made['id']}"
    accept = {"stance": "supports", "note": "Its own table."}
    is_problem(key.patch(address, accept, format="json", headers={"If-Match": '"v1"'}), 403, "forbidden")
    assert not Evidence.objects.accepted().exists()
    assert missing_for_publication(claim, revision_of(claim))

    reviewer = by_session(ReviewerFactory())
    etag = reviewer.get(address)["ETag"]
    is_problem(reviewer.patch(address, accept, format="json"), 428, "precondition_required")
    is_problem(reviewer.patch(address, accept, format="json", headers={"If-Match": '"v9"'}), 412, "version_conflict")
    answer = reviewer.patch(address, accept, format="json", headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["is_proposal"], answer.json()["stance"]) == (200, False, "supports")
    assert Evidence.objects.accepted().get().note == "Its own table."
    for nowhere in ("0", "x", str(made["id"] + 1)):
        is_problem(reviewer.get(f"/api/v1/claims/{claim.code}/evidence/{nowhere}"), 404, "not_found")
