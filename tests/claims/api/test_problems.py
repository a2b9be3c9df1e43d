"""What is refused, and how: every error is a problem with a stable code (the bad-input matrix)."""

import json
import logging

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from claims.models import ApiKey, Article, Claim, IdempotencyRecord
from claims.services.access import revoke_key
from claims.services.publishing import revision_of
from claims.workflow import allowed_moves
from sources.models import Source
from tests.factories import NOW, ClaimFactory, DeskLeadFactory, decided, published, with_evidence

from .conftest import caller, is_problem

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims"
JSON = "application/json"


def sent(client, body, *, to=CLAIMS, kind=JSON, **more):
    return client.generic("POST", to, body, content_type=kind, **more)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"text": "x"', "malformed_json"),
        (b"text=x", "malformed_json"),
        (b'{"text": "x", "text": "y"}', "malformed_json"),
        (b'{"priority": NaN}', "malformed_json"),
        (b'{"priority": -Infinity}', "malformed_json"),
        (b'{"priority": 1e999}', "malformed_json"),
        (b'{"priority": ' + b"9" * 5000 + b"}", "malformed_json"),
        (b"[" * 10_000 + b"]" * 10_000, "malformed_json"),
        (b'{"text": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "malformed_json"),
        (b'{"text": ' + b"[" * 40 + b"]" * 40 + b"}", "malformed_json"),
        (b'{"text": "\xff"}', "malformed_json"),
        ('\ufeff{"text": "x"}'.encode(), "malformed_json"),
        (b'["text"]', "invalid_type"),
        (b'"text"', "invalid_type"),
        (b"null", "invalid_type"),
        (b'{"\\ud800": 1}', "invalid_characters"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(key, body, code):
    is_problem(sent(key, body), 400, code)
    assert not Claim.objects.exists()


def test_a_json_error_says_where_it_is(key):
    body = is_problem(sent(key, b'{"text": "x",\n "language" "en"}'), 400, "malformed_json")
    assert (body["line"], body["column"], body["position"]) == (2, 13, 26)


@pytest.mark.parametrize(
    ("members", "field", "code"),
    [
        ({}, "text", "required"),
        ({"text": None}, "text", "required"),
        ({"text": ""}, "text", "blank"),
        ({"text": " \n\t"}, "text", "blank"),
        ({"text": "\u200b\u2060\ufeff"}, "text", "blank"),
        ({"text": "x" * 5001}, "text", "too_long"),
        ({"text": "a\x00b"}, "text", "invalid_characters"),
        ({"text": "a\ud800b"}, "text", "invalid_characters"),
        ({"text": ["x"]}, "text", "invalid_type"),
        ({"text": 5}, "text", "invalid_type"),
        ({"text": "x", "workflow": "completed"}, "workflow", "unknown_field"),
        ({"text": "x", "published_at": "2026-01-01"}, "published_at", "unknown_field"),
        ({"text": "x", "drafted_by": 1}, "drafted_by", "unknown_field"),
        ({"text": "x", "priority": "1"}, "priority", "invalid_type"),
        ({"text": "x", "priority": True}, "priority", "invalid_type"),
        ({"text": "x", "priority": 9}, "priority", "out_of_range"),
        ({"text": "x", "language": "english language"}, "language", "invalid_language"),
        ({"text": "x", "language": "e1"}, "language", "invalid_language"),
        ({"text": "x", "review_by": "2024-02-30"}, "review_by", "invalid_date"),
        ({"text": "x", "review_by": "0000-00-00"}, "review_by", "invalid_date"),
        ({"text": "x", "review_by": "99999-01-01"}, "review_by", "invalid_date"),
        ({"text": "x", "review_by": "2024-02-03T10:00:00"}, "review_by", "invalid_date"),
        ({"text": "x", "topics": ["nowhere"]}, "topics", "does_not_exist"),
        ({"text": "x", "topics": "nowhere"}, "topics", "invalid_type"),
    ],
)
def test_a_wrong_field_is_named_with_its_code(key, members, field, code):
    body = is_problem(sent(key, json.dumps(members)), 400, code)

    assert body["errors"][field][0]["code"] == code
    assert not Claim.objects.exists()


def test_an_empty_body_names_each_field_that_is_missing(key):
    body = is_problem(key.post(f"{CLAIMS}/{with_evidence().code}/evidence"), 400, "required")
    assert set(body["errors"]) == {"quote", "stance"}


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "\u202eabc", "👩‍👩‍👧 412", "e\u0301te\u0301 412", "قال 412 شخصًا", "x" * 5000],
)
def test_any_text_is_stored_as_it_was_sent(key, text):
    answer = sent(key, json.dumps({"text": text}))

    assert answer.status_code == 201
    assert answer.json()["text"] == Claim.objects.get().text == text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "http://localhost/x",
        "ftp://example.org/",
        "x",
    ],
)
@pytest.mark.parametrize("endpoint", ["sources", "articles"])
def test_an_address_that_may_not_be_fetched_is_refused_and_nothing_stored(key, endpoint, url):
    body = is_problem(sent(key, json.dumps({"url": url}), to=f"/api/v1/{endpoint}"), 400, "url_not_allowed")

    assert list(body["errors"]) == ["url"]
    assert not Source.objects.exists() and not Article.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://0x7f.1/", "http://[::ffff:7f00:1]/", "http://2130706433/", "http://good.example\\@127.0.0.1/",
        "http://kim:secret@good.example/", "http://good.example:22/", "http://169.254.169.254/latest", "http://[",
        "http://good.example@127.0.0.1/", "http://[::1]/", "http://0/",
    ],
)  # fmt: skip
def test_a_disguised_address_is_refused_too(key, url):
    for endpoint in ("sources", "articles"):
        is_problem(sent(key, json.dumps({"url": url}), to=f"/api/v1/{endpoint}"), 400, "url_not_allowed")
    assert key.get(CLAIMS, {"article": url}).json()["results"] == []
    assert not Source.objects.exists()


@pytest.mark.parametrize("endpoint", ["sources", "articles"])
def test_an_address_too_long_is_refused(key, endpoint):
    url = "https://example.org/" + "x" * (2049 - 20)
    is_problem(sent(key, json.dumps({"url": url}), to=f"/api/v1/{endpoint}"), 400, "too_long")


@pytest.mark.parametrize("value", ["true", "True", True, "proven"])
def test_a_stance_outside_its_list_is_refused(key, value):
    claim = with_evidence()
    body = json.dumps({"quote": "x", "stance": value, "snapshot": claim.evidence.get().snapshot_id})
    problem = is_problem(sent(key, body, to=f"{CLAIMS}/{claim.code}/evidence"), 400, "invalid_choice")
    assert list(problem["errors"]) == ["stance"]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer fck_x_00000000", "Basic eDp5", "Bearer ", "é", ""])
def test_a_wrong_key_is_answered_as_no_key(anyone, header):
    wrong = is_problem(anyone.get(CLAIMS, HTTP_AUTHORIZATION=header), 401, "not_authenticated")
    none = is_problem(anyone.get("/api/v1/articles"), 401, "not_authenticated")

    assert wrong["detail"] == none["detail"]
    assert anyone.get(CLAIMS, HTTP_AUTHORIZATION=header)["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("end", ["expired", "revoked", "owner left"])
def test_a_key_that_ended_is_answered_as_no_key(key, end):
    client = caller("expired key") if end == "expired" else key
    if end == "revoked":
        revoke_key(key_id=ApiKey.objects.get().pk, now=NOW)
    if end == "owner left":
        User.objects.update(is_active=False)
    is_problem(client.get("/api/v1/articles"), 401, "not_authenticated")


def test_a_key_without_the_scope_is_refused_and_logged(caplog):
    with caplog.at_level(logging.WARNING):
        is_problem(sent(caller("key that reads"), b'{"text": "x"}'), 403, "forbidden")
    assert "forbidden: user" in caplog.text


def test_a_session_without_its_csrf_token_is_refused():
    client = Client(enforce_csrf_checks=True)
    client.force_login(DeskLeadFactory())

    is_problem(client.post(CLAIMS, b'{"text": "x"}', content_type=JSON), 403, "forbidden")
    form = client.post(CLAIMS, {"text": "x"}, headers={"Origin": "https://elsewhere.example"})
    assert form["Content-Type"] == "application/problem+json" and form.status_code in (403, 415)
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "kind", ["text/xml", "", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "text/plain"]
)
def test_another_type_of_body_is_refused(key, kind):
    is_problem(sent(key, b'{"text": "x"}', kind=kind), 415, "unsupported_media_type")


def test_a_packed_body_is_refused(key):
    is_problem(sent(key, b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), 415, "unsupported_media_type")


@pytest.mark.parametrize("client", ["nobody", "key"])
def test_another_type_of_answer_is_refused(client):
    is_problem(caller(client).get(CLAIMS, HTTP_ACCEPT="application/xml"), 406, "not_acceptable")


@pytest.mark.parametrize("method", ["PUT", "TRACE", "DELETE"])
@pytest.mark.parametrize("path", ["claims", "changes", "ratings", "claims/7K3M-Q9TX"])
def test_another_method_is_refused_with_those_there_are(anyone, method, path):
    answer = anyone.generic(method, f"/api/v1/{path}")
    is_problem(answer, 405, "method_not_allowed")
    assert "GET" in answer["Allow"]


def test_a_body_over_a_mebibyte_is_refused_unread(key):
    body = b'{"text": "' + b"x" * 2**20 + b'"}'
    is_problem(sent(key, body), 413, "too_large")


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v2/claims", "/api/v1/claims/", "/api/v1/nothing/here"])
@pytest.mark.parametrize("method", ["get", "post", "put", "options"])
def test_an_unknown_address_is_a_problem_too(anyone, method, path):
    is_problem(getattr(anyone, method)(path), 404, "not_found")


def test_a_host_that_is_not_ours_is_refused(anyone):
    is_problem(anyone.get(CLAIMS, HTTP_HOST="evil.example"), 400, "bad_request")


def test_an_unforeseen_error_gives_an_id_and_nothing_else(key, monkeypatch, caplog):
    def broken(**_):
        raise RuntimeError("the secret path")

    monkeypatch.setattr("claims.api.claims.draft_claim", broken)
    body = is_problem(sent(key, b'{"text": "x"}'), 500, "internal_error")

    assert "secret" not in json.dumps(body)
    assert body["id"] in caplog.text


@pytest.mark.parametrize("who", ["nobody", "key"])
def test_a_lost_database_answers_503(who, monkeypatch):
    client = caller(who)

    def lost(*_, **__):
        raise OperationalError("no route to host")

    monkeypatch.setattr("claims.api.public.list_answer", lost)
    monkeypatch.setattr("claims.api.claims.summaries", lost)
    answer = client.get(CLAIMS)
    assert answer.status_code == 503 and answer["Retry-After"]
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_a_publication_cannot_be_changed(key, anyone, method):
    claim = published()
    document = anyone.get(f"{CLAIMS}/{claim.code}/versions/1").content
    for who in (key, caller("reviewer"), caller("desk lead")):
        is_problem(getattr(who, method)(f"{CLAIMS}/{claim.code}/versions/1"), 409, "immutable")
    is_problem(getattr(anyone, method)(f"{CLAIMS}/{claim.code}/versions/1"), 401, "not_authenticated")
    for nowhere in (f"{claim.code}/versions/2", f"{claim.code}/versions/x", "7K3M-Q9TX/versions/1"):
        is_problem(getattr(key, method)(f"{CLAIMS}/{nowhere}"), 404, "not_found")
    assert anyone.get(f"{CLAIMS}/{claim.code}/versions/1").content == document


@pytest.mark.parametrize("claim", [ClaimFactory, with_evidence, published])
def test_publishing_from_a_wrong_state_names_the_moves_there_are(claim):
    claim, lead = claim(), caller("desk lead")
    answer = lead.post(f"{CLAIMS}/{claim.code}/publications", {"revision_sha256": "0" * 64}, format="json")

    body = is_problem(answer, 409, "invalid_transition")
    published_already = ["reopen", "correct", "withdraw"]
    assert body["allowed"] == (published_already if claim.is_public else allowed_moves(claim.workflow))


@pytest.mark.parametrize(
    ("members", "field", "code"),
    [
        ({"correction": "withdrawal", "reason": "x"}, "correction", "invalid_choice"),
        ({"correction": True, "reason": "x"}, "correction", "invalid_choice"),
        ({"correction": "update"}, "reason", "required"),
        ({"correction": "update", "reason": " "}, "reason", "blank"),
    ],
)
def test_a_correction_says_what_it_is_and_why(members, field, code):
    claim, lead = published(), caller("desk lead")
    sent_members = json.dumps({"revision_sha256": "0" * 64, **members})
    assert list(
        is_problem(sent(lead, sent_members, to=f"{CLAIMS}/{claim.code}/publications"), 400, code)["errors"]
    ) == [field]


def test_a_reviewer_who_publishes_is_refused_and_logged_without_a_secret(reviewer, caplog):
    claim = decided()
    approval = {"revision_sha256": revision_of(claim).sha256}
    with caplog.at_level(logging.WARNING):
        answer = reviewer.post(f"{CLAIMS}/{claim.code}/publications", approval, format="json")

    is_problem(answer, 403, "forbidden")
    line = next(record.getMessage() for record in caplog.records if "forbidden" in record.getMessage())
    user = User.objects.get(pk=reviewer.session["_auth_user_id"])
    assert line == f"forbidden: user {user.pk}, POST {CLAIMS}/{claim.code}/publications"
    assert not claim.publications.exists()


def test_a_key_is_in_no_log_and_no_answer(caplog):
    client = caller("key that reads")
    header = client._credentials["HTTP_AUTHORIZATION"]
    with caplog.at_level(logging.DEBUG):
        answer = sent(client, b'{"text": "x"}')
    assert header.split("_", 1)[1] not in caplog.text + answer.content.decode()


@pytest.mark.parametrize(
    "again",
    ["https://TIDEWATER.example/b", "https://tidewater.example./b", "https://tidewater.example/b#top",
     "https://tidewater.example:443/b"],
)  # fmt: skip
def test_an_address_written_otherwise_is_the_same_source(key, again):
    first = sent(key, b'{"url": "https://tidewater.example/b"}', to="/api/v1/sources")
    second = sent(key, json.dumps({"url": again}), to="/api/v1/sources")

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


def test_an_address_whose_name_leads_inside_is_taken_in_and_left_to_the_look(key):
    assert sent(key, b'{"url": "https://intranet.example/x"}', to="/api/v1/sources").status_code == 201


@pytest.mark.parametrize("pk", ["abc", "-1", "0", "1 OR 1=1", str(2**63), "9" * 40, "../1", "%00", "1.0", "١"])
@pytest.mark.parametrize("path", ["sources/{}", "sources/{}/checks", "snapshots/{}", "articles/{}/candidates"])
def test_what_is_no_id_is_not_found_anywhere(key, path, pk):
    is_problem(key.get("/api/v1/" + path.format(pk)), 404, "not_found")


@pytest.mark.parametrize("header", ["*", "v1", '"v0"', '"v1", "v2"', 'W/"v1"', '"v99999999999"', "", '"1 OR 1"'])
def test_an_edit_names_one_version_and_nothing_else(key, header):
    claim = ClaimFactory()
    answer = key.patch(f"{CLAIMS}/{claim.code}", {"text": "x"}, format="json", headers={"If-Match": header})
    is_problem(answer, 400, "invalid_header")


def test_a_file_over_ten_mebibytes_is_refused(key):
    file = SimpleUploadedFile("a.txt", b"x" * (10 * 2**20 + 1))
    is_problem(key.post("/api/v1/articles", {"file": file}, format="multipart"), 413, "too_large")
    announced = key.generic(
        "POST", "/api/v1/articles", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(2**40)
    )
    is_problem(announced, 413, "too_large")
    assert not Article.objects.exists()


@pytest.mark.parametrize("phrase", ["%", "_", "\\", "%_\\" * 60, "'; DROP TABLE x; --"])
@pytest.mark.parametrize("who", ["nobody", "key"])
def test_a_phrase_is_looked_for_as_it_is_written(who, phrase):
    published()
    answer = caller(who).get(CLAIMS, {"q": phrase})
    assert answer.status_code == 200 and answer.json()["results"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "testserver,evil.example"},
        {"HTTP_HOST": "testserver evil.example"},
        {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "testserver"},
        {"HTTP_HOST": "testserver@evil.example"},
    ],
)
@pytest.mark.parametrize("address", [CLAIMS, "/", "/login"])
def test_another_host_is_refused_however_it_is_written(anyone, headers, address):
    answer = anyone.get(address, **headers)
    assert answer.status_code == 400 and "evil" not in answer.content.decode()


def test_a_forwarded_host_is_in_no_link(anyone, settings):
    published(), published()
    answer = anyone.get(
        f"{CLAIMS}?page_size=1", HTTP_X_FORWARDED_HOST="evil.example", HTTP_FORWARDED="host=evil.example"
    )

    assert answer.json()["next"].startswith(settings.SITE_URL) and "evil" not in answer["Link"]


@pytest.mark.parametrize("value", ["", '""', "x" * 256, '"' + "x" * 256 + '"', "é", 'a"b'])
def test_an_idempotency_key_that_is_none_is_refused(key, value):
    answer = sent(key, b'{"text": "x"}', headers={"Idempotency-Key": value})
    is_problem(answer, 400, "invalid_header")
    assert not IdempotencyRecord.objects.exists()
