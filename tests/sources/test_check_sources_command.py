"""`manage.py check_sources`, as a person at a terminal runs it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sources.models import Snapshot, Source, SourceCheck
from tests.sources.hostile_paths import PATHS
from tests.sources.hostile_site import ANSWERS, answer, running

HOME = Path(__file__).resolve().parent.parent.parent
KEYS = "url outcome http_status final_url link_state page_class bytes seconds text_sha256 reason"
TEXT = "The harbour office publishes its figures each month, and counted 412 arrivals in May, more than ever."


def looked(*urls, **options):
    out = io.StringIO()
    call_command("check_sources", *urls, json=True, stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def pages(web):
    web.says("/report", TEXT, TEXT)
    web.says("/gone", "Gone.", status=410)
    web.says("/missing", "Page not found")
    web.says("/moved", "", status=301, Location=web.url("/report"))
    return web


def test_each_address_is_one_object_with_these_keys_in_the_order_given(pages):
    urls = [pages.url(path) for path in ("/report", "/gone", "/nothing", "/missing", "/moved")] + ["http://10.0.0.1/"]

    lines = looked(*urls, dry_run=True)

    assert [" ".join(line) for line in lines] == [KEYS] * 6
    assert [line["url"] for line in lines] == urls
    assert [(line["outcome"], line["http_status"], line["link_state"], line["page_class"]) for line in lines] == [
        ("ok", 200, "live", "article"),
        ("gone", 410, "failing", None),
        ("http_error", 404, "failing", None),
        ("ok", 200, "failing", "soft_404"),
        ("ok", 200, "moved", "article"),
        ("blocked", None, "failing", None),
    ]
    assert lines[4]["final_url"] == pages.url("/report")
    assert lines[0]["text_sha256"] == lines[4]["text_sha256"] and len(lines[0]["text_sha256"]) == 64
    assert all(line["reason"].endswith(".") for line in lines)


def test_a_dry_run_and_a_recorded_check_say_the_same(pages, db):
    pages.says("/blank")
    pages.says("/invisible", "&nbsp;&#8203;")
    urls = [
        *map(pages.url, ("/report", "/gone", "/nothing", "/missing", "/moved", "/blank", "/invisible")),
        "http://[::1]/",
    ]
    unlike = {"seconds"}

    shown, recorded = looked(*urls, dry_run=True), looked(*urls)

    assert [{k: v for k, v in line.items() if k not in unlike} for line in shown] == [
        {k: v for k, v in line.items() if k not in unlike} for line in recorded
    ]


def test_a_dry_run_asks_no_database(pages, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        looked(pages.url("/report"), dry_run=True)


@pytest.mark.django_db
def test_without_it_sources_are_registered_and_checks_recorded(pages):
    looked(pages.url("/report"), pages.url("/gone"), "http://10.0.0.1/")

    assert sorted(Source.objects.values_list("url", flat=True)) == [pages.url("/gone"), pages.url("/report")]
    assert sorted(SourceCheck.objects.values_list("outcome", flat=True)) == ["gone", "ok"]
    assert Snapshot.objects.get().source.url == pages.url("/report")


@pytest.mark.django_db
def test_one_address_twice_is_one_look_and_two_lines(pages):
    lines = looked(pages.url("/report"), pages.url("/report#top"), f"HTTP://{pages.origin}/report")

    assert [line["outcome"] for line in lines] == ["ok"] * 3
    assert pages.requests.count("/report") == SourceCheck.objects.count() == 1


@pytest.mark.django_db
def test_a_second_run_is_a_second_look_with_the_state_it_leads_to(pages, settings):
    settings.CHECK_CONFIRM_AFTER = 0
    first, second = looked(pages.url("/gone")), looked(pages.url("/gone"))

    assert (first[0]["link_state"], second[0]["link_state"]) == ("failing", "dead")


def test_without_json_it_is_a_sentence_a_line(pages):
    out = io.StringIO()
    call_command("check_sources", pages.url("/report"), "http://\x1b[2J", dry_run=True, stdout=out)

    first, second = out.getvalue().splitlines()
    assert first.startswith(f"{pages.url('/report')}: ok, HTTP 200, live, article, ")
    assert "\x1b" not in second and ": blocked, failing, " in second


def test_an_exception_is_named_only_in_debug(settings):
    with pytest.raises(CommandError, match="only for debug") as refusal:
        looked("http://127.0.0.1:9/", dry_run=True, allow_origin="127.0.0.1:9")

    assert refusal.value.returncode == 2


@pytest.mark.parametrize(
    "origin",
    ["127.0.0.1", "localhost:80", "127.0.0.1:", "127.1:80", "127.0.0.1:0", "127.0.0.0/8:80", "*:80", "[::1]", ""],
)
def test_an_exception_is_one_address_and_one_port(settings, origin):
    settings.DEBUG = True

    with pytest.raises(CommandError, match="one address and one port") as refusal:
        looked("http://127.0.0.1:9/", dry_run=True, allow_origin=origin)

    assert refusal.value.returncode == 2


def test_the_exception_holds_for_one_run_alone(settings):
    settings.DEBUG, settings.FETCH_SPACING = True, 0
    with running({"/ok": ANSWERS["/ok"]}) as site, running({"/ok": ANSWERS["/ok"]}) as other:
        lines = looked(site.url("/ok"), other.url("/ok"), dry_run=True, allow_origin=site.origin)

    assert [line["outcome"] for line in lines] == ["ok", "blocked"]
    assert (other.asked, settings.FETCH_ALLOWED_ORIGIN, settings.FETCH_CLOSES_HOSTS) == ([], "", True)


@pytest.mark.parametrize("named", [False, True])
def test_a_host_that_asks_for_time_gets_it_but_for_the_named_exception(settings, named):
    settings.DEBUG, settings.FETCH_SPACING, settings.FETCH_PER_HOST = True, 0.2, 1
    with running({"/429": ANSWERS["/429"], "/ok": ANSWERS["/ok"], "/robots.txt": answer(b"")}) as site:
        if not named:
            settings.FETCH_ALLOWED_ORIGIN = site.origin
        options = {"allow_origin": site.origin} if named else {}
        lines = looked(site.url("/429"), site.url("/ok"), dry_run=True, **options)

    assert [line["outcome"] for line in lines] == ["rate_limited", "ok" if named else "rate_limited"]


def command(*arguments, stdin="", **env):
    """Run the command as its own process."""
    fresh = {**os.environ, "FACTCHECK_DEBUG": "1", "FETCH_SPACING": "0", "FETCH_PER_HOST": "8", **env}
    return subprocess.run(
        [sys.executable, "manage.py", "check_sources", *arguments],
        cwd=HOME, env=fresh, input=stdin, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_a_dry_run_needs_no_database_and_reads_addresses_from_standard_input(tmp_path):
    env = {"FACTCHECK_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/none/at/all.sqlite3"}
    with running({"/ok": ANSWERS["/ok"]}) as site:
        lines = f"{site.url('/ok')}\n http://example.com/\nhttp://0x7f.1/\r\n\n"
        done = command("-", "--json", "--dry-run", "--allow-origin", site.origin, stdin=lines, **env)

    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["outcome"] for line in done.stdout.splitlines()] == ["ok", "blocked", "blocked"]


@pytest.mark.parametrize(
    ("arguments", "env", "code", "sentence"),
    [
        ([], {}, 2, "URL"),
        (["http://a.example/", "--cow"], {}, 2, "--cow"),
        (["http://a.example/", "--dry-run", "--allow-origin", "127.0.0.1:9"], {"FACTCHECK_DEBUG": "0"}, 2, "debug"),
        (["http://10.0.0.1/", "https://example.com/"], {}, 1, "run migrate first"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(tmp_path, arguments, env, code, sentence):
    var = {"FACTCHECK_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}

    done = command(*arguments, **{**var, **env})

    assert done.returncode == code
    assert sentence in done.stderr and "Traceback" not in done.stderr


# The program that runs the command and prints how much its memory grew, in KiB, when everything was read.
MEASURED = """
import io, resource, sys
import django
django.setup()
from django.core.management import call_command
urls, origin = sys.argv[2:], sys.argv[1]
call_command("check_sources", urls[0], json=True, dry_run=True, allow_origin=origin, stdout=io.StringIO())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
call_command("check_sources", *urls, json=True, dry_run=True, allow_origin=origin, stdout=io.StringIO())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_grows_by_less_than_200_mib_over_everything_that_is_large(tmp_path):
    kinds = ("/bomb/", "/size/plain", "/gzip/many", "/text/too", "/text/plain")
    large = [path for path in PATHS if path.startswith(kinds)]
    pages = {f"/page/{n}": answer(b"word " * 980_000, kind="text/plain") for n in range(24)}
    env = {
        **os.environ, "FACTCHECK_DEBUG": "1", "FETCH_SPACING": "0", "FETCH_PER_HOST": "64",
        "DJANGO_SETTINGS_MODULE": "factcheck.settings", "FACTCHECK_VAR": str(tmp_path),
    }  # fmt: skip
    with running({**ANSWERS, **{path: PATHS[path][1] for path in large}, **pages}) as site:
        urls = [site.url("/ok"), *map(site.url, [*large, *pages])]
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, site.origin, *urls],
            cwd=HOME, env=env, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200 * 1024
