"""The change feed: filtered, waited for, streamed, and what it says to a reader who comes too late; the dump."""

import gzip
import json
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connections
from django.test import Client

from claims.models import Change, Dump, PublicDocument
from claims.services import dumps, feed
from tests.claims.stories import held, withdrawn
from tests.factories import NOW, ClaimFactory, TopicFactory, decided, published, with_evidence

from .conftest import caller, is_problem

CHANGES = "/api/v1/changes"


@pytest.fixture(autouse=True)
def _places(settings, monkeypatch):
    settings.WEB_THREADS = 4
    monkeypatch.setattr(feed, "waiting", feed.Waiting())
    monkeypatch.setattr(feed, "LOOK_EVERY", 0.01)


def seqs(answer) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [row["seq"] for row in answer.json()["results"]]


@pytest.fixture
def rows(db):
    """Six changes: two claims published, one of a topic; that one held and withdrawn, the other held."""
    first = ClaimFactory()
    first.topics.add(TopicFactory(slug="piers"))
    first, second = published(decided(with_evidence(first))), published()
    held(first)
    withdrawn(first)
    held(second)
    return first, second


def test_filters_keep_kinds_claims_and_topics(rows, anyone):
    first, second = rows
    for query, wanted in {
        "": [0, 1, 2, 3, 4],
        "kind=claim.held": [2, 4],
        "kind=claim.held,claim.withdrawn": [2, 3, 4],
        f"claim={first.code}": [0, 2, 3],
        f"claim={first.code},{second.code.lower()}&kind=claim.published": [0, 1],
        "topic=piers": [0, 2, 3],
        "topic=piers&kind=claim.held": [2],
        "topic=nowhere": [],
    }.items():
        assert seqs(anyone.get(f"{CHANGES}?{query}")) == wanted


def test_a_page_that_a_filter_left_empty_goes_on_behind_what_was_looked_at(rows, anyone):
    page = anyone.get(f"{CHANGES}?kind=claim.corrected").json()
    assert page["results"] == [] and page["next"].endswith("after=4")
    page = anyone.get(f"{CHANGES}?kind=claim.held&page_size=1").json()
    assert page["next"].endswith("page_size=1&after=2")
    assert seqs(anyone.get(page["next"])) == [4]


@pytest.mark.parametrize(
    "query", ["kind=claim.great", "kind=", "claim=", "wait=x", "wait=-1", "wait=", "page=1", "topic=" + "a," * 101]
)
def test_what_is_not_understood_is_refused(db, anyone, query):
    answer = anyone.get(f"{CHANGES}?{query}")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


def test_a_reader_who_waits_is_answered_at_once_where_there_are_rows_or_the_time_is_over(rows, anyone, monkeypatch):
    naps = []
    monkeypatch.setattr(feed, "monotonic", iter(range(10_000)).__next__)
    monkeypatch.setattr(feed, "sleep", naps.append)
    assert seqs(anyone.get(f"{CHANGES}?after=3&wait=30")) == [4]
    assert naps == []
    answer = anyone.get(f"{CHANGES}?after=4&wait=30")
    assert seqs(answer) == [] and "after=4" in answer.json()["next"]
    assert naps and feed.waiting.taken == 0


def test_past_half_of_the_threads_a_wait_answers_at_once_and_a_stream_503(rows, anyone):
    places = [feed.waiting.take(), feed.waiting.take()]
    assert all(places) and feed.waiting.take() is None

    assert seqs(anyone.get(f"{CHANGES}?after=4&wait=30")) == []
    busy = anyone.get(CHANGES, HTTP_ACCEPT="text/event-stream")
    is_problem(busy, 503, "stream_busy")
    assert busy["Retry-After"] == "10"
    places[0].give_back()
    places[0].give_back()
    assert feed.waiting.taken == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_row_ends_a_wait(emptied):
    claim, answers = published(), []

    def read():
        answers.append(Client().get(f"{CHANGES}?after=0&wait=20"))
        connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    while not feed.waiting.taken:
        assert reader.is_alive()
    held(claim)
    reader.join(20)
    assert seqs(answers[0]) == [1] and feed.waiting.taken == 0


def events(answer) -> list[tuple[str, dict]]:
    assert answer["Content-Type"] == "text/event-stream"
    told = b"".join(answer.streaming_content).decode().split("\n\n")
    found = [dict(line.split(": ", 1) for line in event.split("\n")) for event in told if event.startswith("id: ")]
    return [(event["id"], json.loads(event["data"])) for event in found]


@pytest.mark.parametrize(
    ("query", "last", "wanted"),
    [("", None, "01234"), ("?after=2", None, "34"), ("?after=0", "3", "4"), ("?kind=claim.held", "2", "4")],
)
def test_a_stream_tells_the_rows_and_then_those_that_come(rows, anyone, settings, monkeypatch, query, last, wanted):
    settings.STREAM_SECONDS = 20
    monkeypatch.setattr(feed, "monotonic", iter(range(10_000)).__next__)
    headers = {"Last-Event-ID": last} if last else {}
    answer = anyone.get(CHANGES + query, HTTP_ACCEPT="text/event-stream", headers=headers)

    assert feed.waiting.taken == 1 and answer["Access-Control-Allow-Origin"] == "*"
    told = events(answer)
    assert "".join(seq for seq, _ in told) == wanted
    assert [row for _, row in told] == [json.loads(Change.objects.get(seq=seq).body) for seq, _ in told]
    answer.close()
    assert feed.waiting.taken == 0


def test_a_stream_that_nobody_reads_gives_its_place_back(rows, anyone):
    answer = anyone.get(CHANGES, HTTP_ACCEPT="text/event-stream")
    answer.close()
    assert feed.waiting.taken == 0
    assert anyone.head(CHANGES, HTTP_ACCEPT="text/event-stream")["Content-Type"] == "text/event-stream"
    is_problem(anyone.get(f"{CHANGES}?after=x", HTTP_ACCEPT="text/event-stream"), 400, "invalid_page")
    assert feed.waiting.taken == 0


@pytest.mark.parametrize("who", ["nobody", "key", "editor"])
def test_a_cursor_too_old_is_told_which_dump_to_load(rows, settings, who):
    settings.CHANGES_REPLAYED = 2
    client = caller(who)
    for query in ("", "?after=-1", "?after=1"):
        body = is_problem(client.get(CHANGES + query), 410, "cursor_too_old")
        assert body["first"] == 3 and body["dump"] == f"{settings.SITE_URL}/api/v1/dump"
    assert seqs(client.get(f"{CHANGES}?after=2")) == [3, 4]
    assert client.get(CHANGES + "?after=0", HTTP_ACCEPT="text/event-stream").status_code == 410


def test_the_dump_holds_every_document_as_of_its_seq(rows, anyone, settings):
    is_problem(anyone.get("/api/v1/dump"), 404, "not_found")
    assert dumps.make_due_dump(now=NOW)
    assert dumps.make_due_dump(now=NOW + timedelta(hours=1)) is None

    answer = anyone.get("/api/v1/dump")
    head, *documents = gzip.decompress(b"".join(answer.streaming_content)).decode().splitlines()
    assert json.loads(head) == {
        "format": "factcheck-dump-1", "seq": 4, "made_at": "2026-03-02T09:00:00Z", "documents": 2,
    }  # fmt: skip
    assert documents == list(PublicDocument.objects.order_by("pk").values_list("body", flat=True))
    assert json.loads(documents[0])["citability"] == "withdrawn"
    assert answer["Link"] == f'<{settings.SITE_URL}/api/v1/changes?after=4>; rel="next"'
    assert anyone.get("/api/v1/dump", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_three_dumps_are_kept(db):
    for day in range(5):
        dumps.make_due_dump(now=NOW + timedelta(days=day))
    assert Dump.objects.count() == 3
    assert {dump.made_at.day for dump in Dump.objects.all()} == {4, 5, 6}
    assert len(default_storage.listdir("dumps")[1]) == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_dump_is_of_one_moment_whatever_is_published_meanwhile(emptied, monkeypatch, anyone):
    claim, write = published(), dumps._write

    def slow(file, **more):
        writer = threading.Thread(target=lambda: (held(claim), connections.close_all()))
        writer.start()
        writer.join(20)
        return write(file, **more)

    monkeypatch.setattr(dumps, "_write", slow)
    dump = dumps.make_dump(now=NOW)
    _, document = gzip.decompress(default_storage.open(dump.file).read()).decode().splitlines()
    assert (dump.seq, json.loads(document)["citability"]) == (0, "citable")
    assert seqs(anyone.get(f"{CHANGES}?after={dump.seq}")) == [1]


def test_the_timetable_makes_it(rows):
    call_command("sweep")
    assert Dump.objects.count() == 1
