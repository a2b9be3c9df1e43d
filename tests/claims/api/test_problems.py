"""What is refused, and how: every error is a problem with a stable code (the bad-input matrix)."""

import json
import logging

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from claims.models import ApiKey, Article, Claim, IdempotencyRecord
from claims.services.access import revoke_key
from sources.models import Source
from tests.factories import NOW, DeskLeadFactory, published, with_evidence

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
def test_a_publication_cannot_be_changed(key, method):
    claim = published()
    is_problem(getattr(key, method)(f"{CLAIMS}/{claim.code}/versions/1"), 409, "immutable")


@pytest.mark.parametrize("value", ["", '""', "x" * 256, '"' + "x" * 256 + '"', "é", 'a"b'])
def test_an_idempotency_key_that_is_none_is_refused(key, value):
    answer = sent(key, b'{"text": "x"}', headers={"Idempotency-Key": value})
    is_problem(answer, 400, "invalid_header")
    assert not IdempotencyRecord.objects.exists()
