"""The demo's origin, asked over HTTP as a background check asks it."""

import http.client
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from factcheck.demo.site import DemoSite

ELECTION = "/records/council-election-declaration"
HOSPITAL = "/reports/hospital-waiting-review"
FERRY = "/harbour/ferry-capacity"
ROOT = Path(__file__).parents[1]


class Clock:
    now = 1_750_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def site(clock):
    with DemoSite(0, 60, clock=clock) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(site, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.server_port, timeout=5)
    try:
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


def test_every_source_answers_at_its_clean_path_and_is_listed_on_the_index(site):
    _, index = ask(site, "/")

    assert len(site.first) == 15
    for path in site.first:
        answer, text = ask(site, path)
        assert answer.status == 200
        assert answer.headers["Content-Type"].endswith("charset=utf-8")
        assert text
        assert f'href="{path}"' in index


def test_the_transcript_is_plain_text_and_the_pages_are_html(site):
    assert ask(site, "/transcripts/stadium-hearing")[0].headers["Content-Type"] == "text/plain; charset=utf-8"
    assert ask(site, FERRY)[0].headers["Content-Type"] == "text/html; charset=utf-8"


def test_robots_allow_everything_but_the_private_folder(site):
    assert ask(site, "/robots.txt")[1] == "User-agent: *\nDisallow: /private/\n"


@pytest.mark.parametrize("path", ["/nowhere", "/harbour/", "/harbour/ferry-capacity.html", "/../site.py", "//["])
def test_any_other_address_is_a_404_page(site, path):
    answer, text = ask(site, path)

    assert answer.status == 404
    assert "There is no page here" in text


def test_a_copy_that_is_still_good_is_answered_304(site):
    first, _ = ask(site, FERRY)

    for condition in (
        {"If_None_Match": first.headers["ETag"]},
        {"If_None_Match": f'"other", W/{first.headers["ETag"]}'},
        {"If_Modified_Since": first.headers["Last-Modified"]},
    ):
        answer, text = ask(site, FERRY, **condition)
        assert (answer.status, text) == (304, "")
        assert answer.headers["ETag"] == first.headers["ETag"]


def test_a_tag_outweighs_a_date_and_a_date_nobody_can_read_is_ignored(site):
    modified = ask(site, FERRY)[0].headers["Last-Modified"]

    assert ask(site, FERRY, If_None_Match='"old"', If_Modified_Since=modified)[0].status == 200
    assert ask(site, FERRY, If_Modified_Since="the day before yesterday")[0].status == 200


def test_head_sends_the_headers_of_get_and_no_body(site):
    answer, text = ask(site, FERRY, method="HEAD")

    assert answer.status == 200
    assert int(answer.headers["Content-Length"]) > 1000
    assert text == ""


def test_one_source_changes_and_one_is_gone_once_the_time_has_come(site, clock):
    before, text = ask(site, ELECTION)
    assert "lost 28 of its 48 seats" in text
    assert ask(site, HOSPITAL)[0].status == 200

    clock.now += 60

    after, text = ask(site, ELECTION, If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert "lost 23 of its 48 seats" in text
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] == "Sun, 15 Jun 2025 15:07:40 GMT"
    assert ask(site, HOSPITAL)[0].status == 410
    assert ask(site, FERRY)[0].status == 200


def test_a_visitor_who_hangs_up_leaves_no_traceback(site, capfd):
    for _ in range(5):
        visitor = socket.create_connection(("127.0.0.1", site.server_port))
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        visitor.sendall(f"GET {FERRY} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 50)
        visitor.close()

    assert ask(site, FERRY)[0].status == 200
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_from_the_command_line_and_ends_quietly(stop):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "factcheck.demo.site", "--port", str(port), "--change-after", "inf"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
    )
    try:
        wait_for(port)
    finally:
        os.kill(process.pid, stop)
        output, _ = process.communicate(timeout=10)

    assert (process.returncode, output) == (0, b"")


def test_a_busy_port_is_one_sentence(site):
    run = subprocess.run(
        [sys.executable, "-m", "factcheck.demo.site", "--port", str(site.server_port)],
        capture_output=True,
        cwd=ROOT,
        text=True,
        timeout=10,
    )

    assert run.returncode == 1
    assert run.stderr.startswith("The demo's sources cannot be served")
    assert "Traceback" not in run.stderr


def wait_for(port):
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("The site did not answer.")
