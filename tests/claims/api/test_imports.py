"""Imports over HTTP, and what of them the bad-input matrix demands (rows 35 and 40 to 43)."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Claim, Import
from tests.factories import ClaimFactory

from .conftest import caller, is_problem

pytestmark = pytest.mark.django_db
IMPORTS = "/api/v1/imports"
TABLE = b"text,claimants\nThe list lost 28 of 48 seats.,Ann\nFerries carried 412 cars.,Bo\n"


def sent(client, content, *, name="claims.csv", kind="text/csv", **more):
    return client.post(IMPORTS, {"file": SimpleUploadedFile(name, content, kind), **more}, format="multipart")


def test_a_file_comes_in_whole_and_its_answer_says_what_became_of_it(key):
    answer = sent(key, TABLE)

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["state"], told["format"], told["rows"], told["new"], told["known"]) == ("done", "csv", 2, 2, 0)
    assert Claim.objects.filter(workflow="unstarted", citability="not_citable").count() == 2
    assert answer["Location"].endswith(f"/api/v1/imports/{told['id']}")
    assert key.get(f"{IMPORTS}/{told['id']}").json() == told
    assert key.get(IMPORTS).json()["results"] == [told]
    assert key.get(told["problems"]).json()["results"] == []

    again = sent(key, TABLE)
    assert (again.status_code, again.json()["new"], again.json()["known"]) == (200, 0, 2)
    assert Claim.objects.count() == 2


def test_a_dry_run_tells_and_keeps_nothing(key):
    answer = sent(key, TABLE, dry_run="true")

    assert answer.status_code == 200
    assert (answer.json()["new"], answer.json()["id"], answer.json()["state"]) == (2, None, "checked")
    assert not Claim.objects.exists() and not Import.objects.exists()


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/csv", TABLE),
        ("text/csv; charset=utf-8", TABLE),
        ("application/x-ndjson", b'{"text": "A."}\n{"text": "B."}\n'),
        ("application/json", b'[{"text": "A."}, {"text": "B."}]'),
        ("application/ld+json", b'[{"@type": "ClaimReview", "claimReviewed": "A."}, {"claimReviewed": "B."}]'),
    ],
)
def test_the_body_may_be_the_file_itself(key, kind, content):
    answer = key.generic("POST", IMPORTS, content, content_type=kind)

    assert (answer.status_code, answer.json()["new"]) == (201, 2), answer.content


@pytest.mark.parametrize(
    ("content", "row", "column", "code"),
    [
        (b"text,context\nA,b\x00c\n", 2, "context", "invalid_characters"),
        (b'text,context\nA,b\nC,"d\nE,f\n', 3, "context", "unclosed_quote"),
        (b"text,context,text\nA,b,c\n", 1, "text", "duplicate_column"),
        (",".join(["text", *map(str, range(50))]).encode() + b"\nA\n", 1, "49", "too_many_columns"),
        ("text,context\nA,b\nC,café\n".encode("latin-1"), 3, "context", "not_utf8"),
        ("text,context\nA,b\n".encode("utf-16"), 1, "no. 1", "not_utf8"),
        (b"text,context\n", 2, "text", "no_rows"),
        (b"text,status\nA,draft\nB,published\n", 3, "status", "read_only"),
        (b"text,review_by\nA,2024-02-30\n", 2, "review_by", "invalid_date"),
        (b'[{"text": "A"}, {"text": "B", "published_at": "2026-01-01"}]', 2, "published_at", "read_only"),
        (b'[{"text": "A"}', 2, "line 1", "malformed_json"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole_with_row_and_column(key, content, row, column, code):
    body = is_problem(sent(key, content), 400, "invalid_import")

    (problem,) = body["problems"]
    assert (problem["row"], problem["column"], problem["code"]) == (row, column, code)
    assert problem["message"] in body["detail"]
    assert "file" in body["errors"]
    assert not Claim.objects.exists() and not Import.objects.exists()


def test_a_row_with_the_id_of_another_claim_refuses_the_file(key):
    claim = ClaimFactory()

    body = is_problem(sent(key, f"text,id\nA new one.,\nAnother.,{claim.code}\n".encode()), 400, "invalid_import")

    assert [(one["row"], one["column"], one["code"]) for one in body["problems"]] == [(3, "id", "id_taken")]
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("mark", [b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"\xd0\xcf\x11\xe0"])
def test_a_file_of_another_kind_is_told_by_its_content(key, mark):
    is_problem(sent(key, mark + b"x" * 100), 415, "unsupported_media_type")
    assert not Import.objects.exists()


def test_the_name_and_the_declared_type_of_a_file_play_no_part(key):
    answer = sent(key, TABLE, name="../../x.zip", kind="application/zip")

    assert answer.status_code == 201
    assert "x" not in Import.objects.get().file.name.rsplit("/", 1)[0].replace("imports", "")


def test_a_formula_is_stored_as_it_is(key):
    assert sent(key, b'text\n"=HYPERLINK(""https://a.example"")"\n').status_code == 201
    assert Claim.objects.get().text == '=HYPERLINK("https://a.example")'


def test_a_file_that_is_too_large_is_refused(key, settings):
    settings.UPLOAD_LIMIT = 1000
    is_problem(sent(key, TABLE + b"x" * 1000), 413, "too_large")
    is_problem(key.generic("POST", IMPORTS, b"x" * 1001, content_type="text/csv"), 413, "too_large")
    settings.UPLOAD_LIMIT = 10 * 2**20
    told = {"content_type": "text/csv", "CONTENT_LENGTH": str(10 * 2**20 + 1)}
    is_problem(key.generic("POST", IMPORTS, b"", **told), 413, "too_large")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("text/xml", 415), ("text/csv; charset=utf-16", 415), ("application/x-www-form-urlencoded", 415)],
)
def test_another_kind_of_body_is_refused(key, kind, status):
    is_problem(key.generic("POST", IMPORTS, b"text\nA\n", content_type=kind), status, "unsupported_media_type")


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("nobody", 401, "not_authenticated"),
        ("editor", 403, "forbidden"),
        ("key that reads", 403, "forbidden"),
        ("expired key", 401, "not_authenticated"),
    ],
)
def test_importing_takes_the_desk(who, status, code):
    is_problem(sent(caller(who), TABLE), status, code)
    assert not Claim.objects.exists()


@pytest.mark.parametrize("who", ["key", "reviewer", "desk lead"])
def test_whoever_works_at_the_desk_imports(who):
    assert sent(caller(who), TABLE).status_code == 201


def test_an_import_of_many_rows_counts_as_one_submission(settings):
    settings.SUBMISSIONS_PER_MINUTE = 1
    client = caller("key")

    assert sent(client, TABLE).status_code == 201
    is_problem(sent(client, TABLE), 429, "rate_limited")


def test_reviews_of_others_come_in_without_the_refused_ones(key):
    reviews = [{"@type": "ClaimReview", "claimReviewed": "A."}, {"@type": "ClaimReview"}]
    feed = {"@type": "DataFeed", "dataFeedElement": [{"item": [one]} for one in reviews]}

    told = sent(key, json.dumps(feed).encode(), name="feed.json").json()

    assert (told["new"], told["refused"]) == (1, 1)
    refused = [one for one in key.get(told["problems"]).json()["results"] if not one["is_note"]]
    assert [(one["place"], one["column"]) for one in refused] == [("dataFeedElement[1].item[0]", "claimReviewed")]


def test_unknown_members_of_the_form_are_refused(key):
    is_problem(sent(key, TABLE, publish="true"), 400, "unknown_field")
    is_problem(key.post(IMPORTS, {"dry_run": "true"}, format="multipart"), 400, "required")
