"""The reads made most: what they say of themselves, to whom, and that they agree with the endpoints behind them."""

import gzip
import json

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from claims.models import ApiKey, PublicDocument
from claims.services import claims, freshness
from claims.services.access import revoke_key
from claims.services.limits import in_memory
from tests.factories import NOW, EditorFactory, decided, published

from .conftest import by_key, caller, is_problem

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims"
HOT = ["claims", "claims/{code}", "changes"]


def address(path, claim):
    return "/api/v1/" + path.format(code=claim.code)


@pytest.mark.parametrize("path", HOT)
def test_a_reader_hears_the_same_of_the_short_way_and_of_the_endpoint(path, anyone):
    claim = published()
    short = anyone.get(address(path, claim))
    slow = caller("editor").get(address(path, claim))

    assert (short.status_code, short.content, short["ETag"]) == (200, slow.content, slow["ETag"])
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
                 "Cross-Origin-Opener-Policy", "Vary", "Content-Type"):  # fmt: skip
        assert short[name] == slow[name]


@pytest.mark.parametrize("path", HOT)
def test_an_answer_is_packed_for_who_takes_it_so_under_an_etag_of_its_own(path, anyone):
    claim = published()
    plain = anyone.get(address(path, claim))
    packed = anyone.get(address(path, claim), HTTP_ACCEPT_ENCODING="br, gzip;q=0.5")
    if path == "changes":  # short enough to be sent as it is
        assert "Content-Encoding" not in packed
        return

    assert packed["Content-Encoding"] == "gzip" and gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"][:-1] + '-gzip"' and "Accept-Encoding" in packed["Vary"]
    assert "Content-Encoding" not in anyone.get(address(path, claim), HTTP_ACCEPT_ENCODING="gzip;q=0, br")


@pytest.mark.parametrize("path", HOT)
@pytest.mark.parametrize("written", ['"{}"', 'W/"{}"', '"{}-gzip"', 'W/"{}-br"', '"x", "{}"', "*"])
def test_whoever_holds_the_answer_in_any_packing_is_told_so_in_few_bytes(path, written, anyone):
    claim = published()
    etag = anyone.get(address(path, claim))["ETag"]
    with CaptureQueriesContext(connection) as queries:
        answer = anyone.get(address(path, claim), headers={"If-None-Match": written.format(etag.strip('"'))})

    assert (answer.status_code, answer.content) == (304, b"")
    assert len(queries) == 1
    assert sum(len(name) + len(value) + 4 for name, value in answer.items()) < 170
    if path != "changes":
        assert "body" not in queries[0]["sql"]


def test_a_lists_etag_moves_with_every_document_and_with_nothing_else(anyone):
    claim, other = published(), published()
    decided()
    etags = [anyone.get(CLAIMS)["ETag"]]
    assert anyone.get(CLAIMS)["ETag"] == etags[0]
    claims.hold_claims(claim_ids=[claim.pk], reason="A source changed.", now=NOW)
    etags.append(anyone.get(CLAIMS)["ETag"])
    other.review_by = NOW.date()
    other.save()
    freshness.tell_freshness(claim_ids=[other.pk], now=NOW)
    etags.append(anyone.get(CLAIMS)["ETag"])
    etags += [anyone.get(f"{CLAIMS}?{query}")["ETag"] for query in ("page_size=1", "verdict=correct", "topic=x")]

    assert len(set(etags)) == 6


def test_a_list_narrowed_by_rows_of_the_desk_has_an_etag_of_the_page(anyone):
    published()
    answer = anyone.get(f"{CLAIMS}?topic=harbours")
    published()
    assert anyone.get(f"{CLAIMS}?topic=harbours")["ETag"] == answer["ETag"]
    assert anyone.get(f"{CLAIMS}?topic=harbours", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", [*HOT, "claims/{code}/history", "claims/{code}/versions/1", "log/keys", "nowhere"])
def test_public_reads_are_open_to_pages_of_every_origin_without_who_they_are(path, anyone):
    claim = published()
    answer = anyone.get(address(path, claim), headers={"Origin": "https://paper.example"})
    if path == "nowhere":
        assert "Access-Control-Allow-Origin" not in answer
        return
    assert answer["Access-Control-Allow-Origin"] == "*" and "ETag" in answer["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer
    for who in ("key", "editor"):
        private = caller(who).get(address("claims/{code}/notes", claim), headers={"Origin": "https://paper.example"})
        assert "Access-Control-Allow-Origin" not in private


def test_a_refusal_and_a_withdrawal_can_be_read_there_too(anyone):
    for answer in (anyone.get(f"{CLAIMS}/ZZZZ-ZZZZ"), anyone.get(f"{CLAIMS}?page=1")):
        assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(("path", "method"), [("claims", "GET"), ("claims:status", "POST"), ("changes", "GET")])
def test_a_browser_that_asks_first_is_told_what_it_may_send(path, method, anyone):
    asked = {"Origin": "https://paper.example", "Access-Control-Request-Method": method}
    answer = anyone.options(f"/api/v1/{path}", headers=asked)

    assert answer.status_code == 204 and method in answer["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    assert "Authorization" not in answer["Access-Control-Allow-Headers"]


def test_each_answer_says_what_is_left_of_the_limit(settings, anyone, time_machine):
    time_machine.move_to(NOW, tick=False)
    in_memory.clear()
    settings.READS_PER_MINUTE, settings.KEY_REQUESTS_PER_MINUTE = 3, 2
    address = f"{CLAIMS}/{published().code}"
    for left in (2, 1):
        answer = anyone.get(address)
        assert (answer["RateLimit-Policy"], answer["RateLimit"]) == ('"default";q=3;w=60', f'"default";r={left};t=60')
    assert anyone.get("/api/v1/topics")["RateLimit"] == '"default";r=0;t=60'
    is_problem(anyone.get(address), 429, "rate_limited")
    for key in (by_key(EditorFactory(), ["read"]), caller("key")):
        assert [key.get(address)["RateLimit"] for _ in range(2)] == ['"default";r=1;t=60', '"default";r=0;t=60']
        body = is_problem(key.get(address), 429, "rate_limited")
        assert (body["limit"], body["window"], body["retry_after"]) == (2, 60, 60)


def test_a_key_that_sees_what_is_published_reads_it_in_two_queries_and_is_seen(settings):
    settings.KEY_REQUESTS_PER_MINUTE = 100
    claim, key = published(), by_key(EditorFactory(), ["read"])
    key.get(f"{CLAIMS}/{claim.code}")
    with CaptureQueriesContext(connection) as queries:
        answer = key.get(f"{CLAIMS}/{claim.code}")

    assert len(queries) == 2 and answer.content.decode() == claim.public_document.body
    assert answer["Cache-Control"] == "private, no-cache" and "Access-Control-Allow-Origin" not in answer
    assert ApiKey.objects.get().last_used_at
    revoke_key(key_id=ApiKey.objects.get().pk, now=NOW)
    is_problem(key.get(f"{CLAIMS}/{claim.code}"), 401, "not_authenticated")


@pytest.mark.parametrize("change", ["expired", "left", "write only"])
def test_a_key_that_may_not_read_is_refused_on_the_short_way_too(change, time_machine):
    owner = EditorFactory()
    key = by_key(owner, ["write"] if change == "write only" else ["read"])
    if change == "expired":
        ApiKey.objects.update(expires_at=NOW)
    if change == "left":
        owner.is_active = False
        owner.save()
    answer = key.get(f"{CLAIMS}/{published().code}")
    assert answer.status_code == (403 if change == "write only" else 401)


def test_a_key_of_the_desk_sees_the_desk(key):
    claim = published()
    assert key.get(f"{CLAIMS}/{claim.code}").json()["workflow"] == "completed"


@pytest.mark.parametrize(
    "body",
    ['{"ids": ["x"], "ids": ["y"]}', '[["ids", ["x"]]]', '{"ids": [" "]}', '{"ids": ["\\ud800"]}', '{"ids": []}',
     '{"ids": "x"}', '{"ids": [1]}', '{"ids": ["x"], "more": 1}', "{", '{"ids": ["' + "x" * 21 + '"]}'],
)  # fmt: skip
def test_a_question_that_is_none_is_refused_as_everywhere(body, anyone):
    answer = anyone.generic("POST", f"{CLAIMS}:status", body, content_type="application/json")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


def test_a_claims_brief_is_what_its_document_says(anyone):
    claim = published()
    claims.hold_claims(claim_ids=[claim.pk], reason="A source changed.", now=NOW)
    document = PublicDocument.objects.get()
    told = anyone.post(f"{CLAIMS}:status", {"ids": [claim.code] * 2}, format="json").json()["results"]

    body = json.loads(document.body)
    wanted = {name: body[name] for name in ("id", "url", "citability", "version", "hold", "freshness")}
    assert len(told) == 1 and {name: told[0][name] for name in wanted} == wanted


def test_a_connection_that_broke_is_made_again_within_the_request(monkeypatch, anyone):
    claim, told, lost = published(), PublicDocument.objects.told, []

    def breaks_once(public_id):
        if not lost:
            lost.append(public_id)
            raise OperationalError("the server closed the connection unexpectedly")
        return told(public_id)

    monkeypatch.setattr(PublicDocument.objects, "told", breaks_once)
    monkeypatch.setattr(connections["default"], "close", lambda: lost.append("closed"))
    assert anyone.get(f"{CLAIMS}/{claim.code}").status_code == 200
    assert lost[:2] == [claim.public_id, "closed"]
