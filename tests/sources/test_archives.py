"""Archived copies: off by default, asked through the door, read strictly, kept as links."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from sources import tasks
from sources.archives import TimeMapRefused, nearest, parse_timemap, timemap_address
from sources.errors import SourceRefused
from sources.models import ArchivedCopy
from sources.services.archives import ask_for_copies, find_copies
from tests.factories import NOW, ReviewerFactory, SnapshotFactory, SourceFactory

pytestmark = pytest.mark.django_db

LINK = '<https://archive.example/{0}/https://tidewater.example/a>; rel="{1}"; datetime="{2}"'
OLD, NEAR, NEW = "Sun, 01 Mar 2020 08:00:00 GMT", "Mon, 02 Mar 2026 10:00:00 GMT", "Wed, 01 Jul 2026 08:00:00 GMT"
TIMEMAP = ",\n".join(
    [
        '<https://tidewater.example/a>; rel="original"',
        '<https://archive.example/timemap/x>; rel="self"; type="application/link-format"; from="x"; until="y"',
        LINK.format(2020, "first memento", OLD),
        LINK.format(2026, "memento", NEAR),
        LINK.format(2027, "last memento", NEW),
    ]
)


@pytest.fixture
def archive(web, settings):
    """An archive on the site, named in the settings; `says` is what it lists."""
    settings.MEMENTO_TIMEMAP = f"http://{web.origin}/timemap/link/{{url}}"

    def says(body, *, status=200, kind="application/link-format"):
        web.says("/timemap/link/https://tidewater.example/a", status=status)
        answer = web.pages["/timemap/link/https://tidewater.example/a"]
        answer.body, answer.headers = body, {"Content-Type": kind}

    says(TIMEMAP)
    web.lists = says
    return web


def asked(source):
    ask_for_copies(source_id=source.pk, by=ReviewerFactory(), now=NOW)
    return find_copies(source_id=source.pk, clock=timezone.now)


def test_the_newest_copy_and_the_one_nearest_to_ours_are_kept(archive):
    source = SourceFactory(url="https://tidewater.example/a")
    SnapshotFactory(source=source, fetched_at=NOW)

    asked(source)

    found = [(copy.url, copy.archived_at.year) for copy in source.archived_copies.all()]
    assert found == [
        ("https://archive.example/2027/https://tidewater.example/a", 2026),
        ("https://archive.example/2026/https://tidewater.example/a", 2026),
    ]
    assert source.archive_lookup.answer == "The archive lists 3 copies."


def test_asked_again_the_archive_s_copies_are_listed_once(archive):
    source = SourceFactory(url="https://tidewater.example/a")

    asked(source)
    asked(source)

    assert source.archived_copies.count() == 1
    assert len([path for path in archive.requests if "timemap" in path]) == 2


def test_a_message_that_comes_twice_asks_once(archive):
    source = SourceFactory(url="https://tidewater.example/a")
    asked(source)

    assert find_copies(source_id=source.pk, clock=timezone.now) == []
    assert len([path for path in archive.requests if "timemap" in path]) == 1


def test_a_question_whose_message_was_lost_is_asked_by_the_timetable(archive):
    source = SourceFactory(url="https://tidewater.example/a")
    ask_for_copies(source_id=source.pk, by=ReviewerFactory(), now=timezone.now())
    tasks.find_waiting_copies()
    assert not source.archived_copies.exists()
    source.archive_lookup.__class__.objects.update(asked_at=timezone.now() - timedelta(seconds=90))

    tasks.find_waiting_copies()

    assert source.archived_copies.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "kind", "answer"),
    [
        ("", 404, "text/html", "no copy"),
        ('<https://tidewater.example/a>; rel="original"', 200, "application/link-format", "no copy"),
        ("<html>Not a list</html>", 200, "text/html", "no list of copies"),
        ("x", 503, "text/html", "did not answer"),
        ("x", 403, "text/html", "did not answer"),
        (TIMEMAP, 200, "image/png", "did not answer"),
    ],
)
def test_an_archive_that_has_nothing_for_us_is_said(body, status, kind, answer, archive):
    archive.lists(body, status=status, kind=kind)
    source = SourceFactory(url="https://tidewater.example/a")

    assert asked(source) == []
    assert answer in source.archive_lookup.answer
    assert source.archive_lookup.answered_at


@pytest.mark.parametrize(
    "address",
    ["http://10.0.0.1/a", "javascript:alert(1)", "ftp://archive.example/a", "https://user:x@archive.example/"],
)
def test_a_copy_at_an_address_that_may_not_be_opened_is_not_kept(address, archive):
    archive.lists(f'<{address}>; rel="memento"; datetime="{NEAR}"')

    assert asked(SourceFactory(url="https://tidewater.example/a")) == []
    assert not ArchivedCopy.objects.exists()


def test_without_the_setting_nobody_is_asked(web):
    source = SourceFactory(url="https://tidewater.example/a")

    with pytest.raises(SourceRefused, match="MEMENTO_TIMEMAP"):
        ask_for_copies(source_id=source.pk, by=ReviewerFactory(), now=NOW)

    assert find_copies(source_id=source.pk, clock=timezone.now) == []
    assert not web.requests


def test_what_was_uploaded_has_no_address_to_look_up(archive):
    with pytest.raises(SourceRefused, match="no address"):
        ask_for_copies(source_id=SourceFactory(url="").pk, by=ReviewerFactory(), now=NOW)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (TIMEMAP, 3),
        (TIMEMAP + " ,\n", 3),
        ("", 0),
        (f'<https://a.example/1>;rel=memento;datetime="{OLD}"', 1),
        (f'<https://a.example/1>; datetime="{OLD}"; title="a, \\"b\\"; c"; REL="last  Memento"', 1),
        (f'<https://a.example/1>; rel="memento"; rel="x"; datetime="{OLD}"', 1),
        (f'<https://a.example/1>; rel="x"; rel="memento"; datetime="{OLD}"', 0),
        ('<https://a.example/1>; rel="memento"; datetime="2020-03-01T08:00:00Z"', 0),
        ('<https://a.example/1>; rel="memento"; datetime="Sun, 32 Mar 2020 08:00:00 GMT"', 0),
        ('<https://a.example/1>; rel="memento"', 0),
        (f'<https://a.example/1>; rel="mementos"; datetime="{OLD}"', 0),
    ],
)
def test_a_timemap_is_read_by_its_grammar(text, count):
    assert len(parse_timemap(text)) == count


@pytest.mark.parametrize(
    "text",
    [
        "no link",
        '<https://a.example/1>; rel="memento" <https://a.example/2>',
        '<https://a.example/1>; rel="open',
        "<https://a.example/1",
        "<https://a.example/with space>",
        ",<https://a.example/1>",
        "<" + "a" * 3000 + ">",
        "<a>," * 50_001,
        "<a>" + ";b=c" * 200_000 + " !",
        "<a>;" + '"' * 300_000,
        "<a>;b=" + "\\" * 300_000,
    ],
    ids=lambda text: text[:24],
)
def test_what_is_no_timemap_is_refused_whole(text):
    with pytest.raises(TimeMapRefused):
        parse_timemap(text)


def test_an_address_stands_as_it_is_in_a_path_and_encoded_in_a_query():
    url = "https://tidewater.example/a?b=c&d"

    assert timemap_address("https://x.example/link/{url}", url) == f"https://x.example/link/{url}"
    assert timemap_address("https://x.example/?u={url}&f=1", url) == (
        "https://x.example/?u=https%3A%2F%2Ftidewater.example%2Fa%3Fb%3Dc%26d&f=1"
    )


def test_the_nearest_copy_is_nearest_on_either_side():
    mementos = parse_timemap(TIMEMAP)
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)

    assert nearest(mementos, moment).url.startswith("https://archive.example/2026/")
    assert nearest(mementos, moment + timedelta(days=4000)).url.startswith("https://archive.example/2027/")
    assert nearest([], moment) is None
