"""Snapshots over Memento: found by date, listed, read as plain text, and nobody else's business."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from claims.services.access import issue_key, revoke_key
from sources.archives import parse_timemap
from tests.claims.stories import signed_in
from tests.factories import (
    NOW,
    ApiClientFactory,
    EditorFactory,
    ReviewerFactory,
    SnapshotFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db
SITE = "https://factdesk.example"
URL = "https://tidewater.example/report?year=2026&month=5"
DAYS = (0, 2, 10)


@pytest.fixture(autouse=True)
def _desk(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def source():
    source = SourceFactory(url=URL)
    for day in DAYS:
        SnapshotFactory(source=source, fetched_at=NOW + timedelta(days=day), text=f"<b>412</b> on day {day}")
    return source


@pytest.fixture
def desk():
    return signed_in(ReviewerFactory())


def at(day, **more):
    return (NOW + timedelta(days=day, **more)).strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize(
    ("asked", "found"),
    [(-30, 0), (0, 0), (0.9, 0), (1, 0), (1.1, 2), (2, 2), (5.9, 2), (6.1, 10), (400, 10), (None, 10)],
)
def test_the_gate_leads_to_the_nearest_snapshot(desk, source, asked, found):
    headers = {} if asked is None else {"Accept-Datetime": at(asked)}

    response = desk.get(f"/timegate/{URL}", headers=headers)
    stamp = (NOW + timedelta(days=found)).strftime("%Y%m%d%H%M%S")
    assert (response.status_code, response["Location"]) == (302, f"{SITE}/snapshots/{stamp}/{URL}")
    assert "accept-datetime" in response["Vary"].lower()
    assert f'<{URL}>; rel="original"' in response["Link"]
    assert f'<{SITE}/timemap/link/{URL}>; rel="timemap"; type="application/link-format"' in response["Link"]

    memento = desk.get(response["Location"].removeprefix(SITE))
    assert memento.content.decode() == f"<b>412</b> on day {found}"
    assert memento["Memento-Datetime"] == at(found)
    assert f'<{URL}>; rel="original"' in memento["Link"] and 'rel="timegate"' in memento["Link"]
    assert memento["Content-Type"] == "text/plain; charset=utf-8"
    assert memento["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert memento["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("wrong", ["yesterday", "2026-03-02T09:00:00Z", "Mon, 32 Mar 2026 09:00:00 GMT", ""])
def test_a_bad_date_is_refused(desk, source, wrong):
    response = desk.get(f"/timegate/{URL}", headers={"Accept-Datetime": wrong})

    assert response.status_code == 400
    assert 'rel="original"' in response["Link"]


def test_the_list_names_every_snapshot_and_is_read_by_our_own_reader(desk, source):
    SnapshotFactory(source=source, fetched_at=NOW + timedelta(days=2, microseconds=9))
    response = desk.get(f"/timemap/link/{URL}")

    assert response["Content-Type"] == "application/link-format"
    written = response.getvalue().decode()
    assert [memento.archived_at for memento in parse_timemap(written)] == [NOW + timedelta(days=day) for day in DAYS]
    assert f'<{URL}>; rel="original"' in written and f'<{SITE}/timegate/{URL}>; rel="timegate"' in written
    assert written.count('rel="first memento"') == written.count('rel="last memento"') == 1
    for memento in parse_timemap(written):
        assert desk.get(memento.url.removeprefix(SITE)).status_code == 200


def test_one_snapshot_is_first_and_last(desk):
    only = SnapshotFactory()

    written = desk.get(f"/timemap/link/{only.source.url}").getvalue().decode()
    assert [memento.archived_at for memento in parse_timemap(written)] == [datetime(2026, 3, 2, 9, tzinfo=UTC)]


def test_an_address_is_found_however_it_is_written(desk, source):
    for written in (URL, URL.replace("https://", "https:/"), URL.replace("tidewater", "Tidewater")):
        assert desk.get(f"/timegate/{written}").status_code == 302, written


@pytest.mark.parametrize("kind", ["timegate/{}", "timemap/link/{}", "snapshots/20260302090000/{}"])
def test_only_who_sees_the_desk_learns_what_is_kept(source, kind):
    kept, unknown = "/" + kind.format(URL), "/" + kind.format("https://unknown.example/")
    owner = ApiClientFactory()
    key, written = issue_key(name="archive", owner=owner, scopes=["read"], now=NOW)
    _, blind = issue_key(name="hooks", owner=owner, scopes=["webhooks"], now=NOW)
    bearer = {"Authorization": f"Bearer {written}"}

    assert Client().get(kept, headers=bearer).status_code in (200, 302)
    for headers in (
        {},
        {"Authorization": f"Bearer {blind}"},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic x"},
    ):
        answers = [Client().get(url, headers=headers) for url in (kept, unknown)]
        assert [answer.status_code for answer in answers] == [401, 401]
        assert answers[0].content == answers[1].content
    page = Client().get(kept, headers={"Accept": "text/html"})
    assert page.status_code == 302 and page["Location"].startswith("/login?next=/")
    assert [signed_in(EditorFactory()).get(url).status_code for url in (kept, unknown)] == [403, 403]
    revoke_key(key_id=key.pk, now=NOW)
    assert Client().get(kept, headers=bearer).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "timegate/https://unknown.example/",
        "timegate/javascript:alert(1)",
        "timegate/https://tidewater.example/%00",
        "timemap/link/x",
        "snapshots/20260302090001/{}",
        "snapshots/2026/{}",
        "snapshots/20261302090000/{}",
        "snapshots/٢٠٢٦٠٣٠٢٠٩٠٠٠٠/{}",
    ],
)
def test_what_is_not_kept_is_not_there(desk, source, path):
    assert desk.get("/" + path.format(URL)).status_code == 404
