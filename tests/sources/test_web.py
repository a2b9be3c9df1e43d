import asyncio
import contextlib
import re
import socket
import time
from datetime import UTC, datetime

import pytest

from sources.outcomes import LinkState, Outcome, link_state
from sources.pacing import retry_after_seconds
from sources.web import Fetcher, FetchRequest, fetch_all
from tests.sources.hostile_site import ANSWERS, PAGE, CountingResolver, answer, look, moved, policy_for

OUTCOMES = {
    "ok": "/ok /untyped /chunked /http10 /gzip /xgzip /zlib /deflate /identity /few-100 /moved "
    "/moved-then-found /found /bytes /wide-header",
    "truncated": "/gzip-cut /gzip-no-crc /gzip-empty /short /chunk-cut",
    "decode_error": "/gzip-bad-crc /gzip-twice /gzip-members /gzip-lie /brotli",
    "too_large": "/bomb /huge-said /huge",
    "protocol_error": "/chunk-bad /two-lengths /length-and-chunks /negative /garbage /http09 /silent "
    "/head-cut /many-headers /wider-header /much-header /endless-head /nul-header /many-100 /switch /206 /304 "
    "/999 /long",
    "timeout": "/hang /slow-head /drip-head /drip-body /stall",
    "bad_type": "/image /zip",
    "empty": "/nothing /204",
    "auth_required": "/401 /402",
    "http_error": "/400 /403 /404",
    "gone": "/410",
    "legal": "/451",
    "server_error": "/500",
    "redirect_error": "/loop /loop-a /nowhere /two-places /hop0",
    "blocked": "/to-private /to-metadata /to-loopback /to-ipv6 /to-file /to-script /to-userinfo "
    "/to-backslash /to-tab /to-dword",
}
CASES = [(path, outcome) for outcome, paths in OUTCOMES.items() for path in paths.split()]


@pytest.mark.parametrize(("path", "outcome"), CASES)
def test_each_behaviour_of_a_site_has_its_outcome(hostile, path, outcome):
    result = look(hostile, path)

    assert (result.outcome, result.reason != "") == (outcome, True)
    assert bool(result.body) is (outcome == "ok")
    assert not re.search(r"\d+\.\d+\.\d+", result.reason)
    if outcome == "ok":
        assert result.body == PAGE


def test_every_behaviour_is_decided():
    decided = {path for path, _ in CASES} | {"/robots.txt", "/secret", "/to-secret", "/429", "/503-wait"}

    assert {path for path in ANSWERS if not path.startswith(("/hop", "/loop-b", "/caf"))} <= decided


def test_a_redirect_is_followed_and_told(hostile):
    result = look(hostile, "/moved-then-found")

    assert [(hop.status, hop.url) for hop in result.redirects] == [
        (308, hostile.url("/found")),
        (302, hostile.url("/ok")),
    ]
    assert (result.final_url, result.permanent_redirect) == (hostile.url("/ok"), False)
    assert look(hostile, "/moved").permanent_redirect


def test_a_page_is_asked_for_only_if_it_changed(hostile):
    first = look(hostile, "/ok")
    second = look(hostile, "/ok", etag=first.etag, last_modified=first.last_modified)

    assert (first.etag, second.outcome, second.http_status, second.body) == ('"v1"', "unchanged", 304, b"")
    assert "If-Modified-Since: Sat, 19 Sep 2026" in hostile.heads[-1]


def test_we_say_who_we_are_and_bring_nothing_else(site):
    look(site, "/ok", etag='"x"\r\nX-Evil: 1')

    head = site.heads[-1]
    assert "User-Agent: FactDesk/1.0 (+https://factdesk.example/bot)" in head
    assert not re.search(r"Cookie|Authorization|Referer|X-Evil", head)


@pytest.fixture
def canary():
    """A listener that must never hear a thing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        yield listener.getsockname()[1]
        with contextlib.suppress(BlockingIOError):
            listener.accept()
            pytest.fail("someone called the canary")


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%1"],
        ["64:ff9b::7f00:1"],
        [""],
    ],
)
def test_a_name_with_one_closed_answer_is_blocked_unasked(site, canary, answers):
    resolver = CountingResolver({"rebind.example": answers})

    result = look(site, f"http://rebind.example:{canary}/", resolver=resolver, ports=(80, 443, canary))

    assert (result.outcome, resolver.asked) == ("blocked", ["rebind.example"])
    assert "address" in result.reason.lower() and "127" not in result.reason


def test_a_literal_beside_the_named_exception_is_blocked(site, canary):
    assert look(site, f"http://127.0.0.1:{canary}/").outcome == "blocked"


def test_each_hop_is_one_look_up_and_the_name_is_what_the_site_hears(site):
    resolver = CountingResolver({"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]})
    site.answers["/go"] = moved(f"http://b.example:{site.port}/ok")

    result = look(site, f"http://a.example:{site.port}/go", resolver=resolver, ports=(80, 443, site.port))

    assert (result.outcome, resolver.asked) == ("ok", ["a.example", "b.example"])
    assert f"Host: b.example:{site.port}" in site.heads[-1]


def test_a_name_without_an_address_is_unreachable(site):
    result = look(site, "http://gone.example/", robots=True)

    assert (result.outcome, result.reason) == ("unreachable", "The site could not be reached.")


def test_a_closed_port_is_unreachable(site, canary):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert look(site, f"http://127.0.0.1:{port}/", allowed_origin=f"127.0.0.1:{port}").outcome == "unreachable"


def test_plain_http_on_a_tls_address_is_a_tls_error(site):
    assert look(site, f"https://{site.origin}/ok").outcome == "tls_error"


def test_a_slow_name_is_as_unreachable_as_one_that_does_not_exist(site):
    class Slow:
        async def resolve(self, host, port):
            await asyncio.sleep(9)

    assert look(site, "http://slow.example/", resolver=Slow(), limits={"dns": 0.1}).outcome == "unreachable"


def test_robots_rules_are_read_once_and_obeyed(site):
    site.answers |= {"/secret": ANSWERS["/secret"], "/to-secret": ANSWERS["/to-secret"]}
    paths = ["/ok", "/secret", "/to-secret", "/ok"]

    results = fetch_all([FetchRequest(site.url(path)) for path in paths], policy_for(site, robots=True))

    assert [result.outcome for result in results] == ["ok", "not_permitted", "not_permitted", "ok"]
    assert site.asked.count("/robots.txt") == 1
    assert "/secret" not in site.asked


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (answer(b"", status="404 Not Found"), "ok"),
        (answer(b"", status="403 Forbidden"), "ok"),
        (answer(b"", status="500 Oh"), "not_permitted"),
        (answer(b"", status="503 Busy"), "not_permitted"),
        (b"nonsense", "not_permitted"),
        (answer(b""), "ok"),
        (answer(b"<html>home</html>"), "ok"),
        (answer(b"User-agent: FACTDESK\nUnknown: x\nUser-agent: other\nDisallow: /"), "not_permitted"),
        (answer(b"User-agent: factdesk\nAllow: /ok\nDisallow: /"), "ok"),
        (answer(b"User-agent: other\nDisallow: /"), "ok"),
        (answer(b"User-agent: *\nDisallow: /\n" + b"#" * 600_000), "not_permitted"),
        (answer(b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /"), "ok"),
        (moved("/robots2.txt"), "not_permitted"),
        (moved("/robots.txt"), "ok"),
        (moved("http://10.0.0.1/"), "ok"),
    ],
)
def test_each_state_of_robots_txt_has_its_meaning(site, robots, outcome):
    site.answers |= {"/robots.txt": robots, "/robots2.txt": answer(b"User-agent: *\nDisallow: /")}

    assert look(site, "/ok", robots=True).outcome == outcome


def test_a_host_is_asked_slowly_and_by_few_at_once(site):
    requests = [FetchRequest(site.url("/ok")) for _ in range(5)]
    begun = time.monotonic()

    fetch_all(requests, policy_for(site, spacing=0.08, limits={"per_host": 2}))

    assert time.monotonic() - begun >= 0.32
    assert site.most <= 2


def test_waiting_for_a_slow_host_holds_nobody_else_up(site):
    site.answers["/hang"] = [b""]
    port = site.port
    resolver = CountingResolver({f"{n}.example": ["127.0.0.1"] for n in "ab"})
    urls = [f"http://a.example:{port}/hang"] * 6 + [f"http://b.example:{port}/ok"]

    async def run():
        policy = policy_for(site, ports=(port,), limits={"per_host": 2})
        async with Fetcher(policy, resolver, in_flight=3) as fetcher:
            async for result in fetcher.fetch_many(map(FetchRequest, urls)):
                return result

    assert asyncio.run(run()).outcome == "ok"


@pytest.mark.parametrize(
    ("path", "outcome", "wait"), [("/429", "rate_limited", 120), ("/503-wait", "server_error", 60)]
)
def test_a_host_that_asks_for_time_gets_it(site, path, outcome, wait):
    site.answers[path] = ANSWERS[path]

    async def run():
        async with Fetcher(policy_for(site), CountingResolver()) as fetcher:
            return [await fetcher.fetch(FetchRequest(site.url(path))) for path in (path, "/ok")]

    first, second = asyncio.run(run())

    assert (first.outcome, first.retry_after) == (outcome, wait)
    assert (second.outcome, site.asked) == ("rate_limited", [path])
    assert wait - 5 < second.retry_after <= wait


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 60),
        ("61", 61),
        ("999999999999", 86400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("Sat, 19 Sep 2026 12:10:00 GMT", 600),
        ("Sat, 19 Sep 2020 12:10:00 GMT", 60),
    ],
)
def test_retry_after_counts_within_bounds(value, seconds):
    assert retry_after_seconds(value, datetime(2026, 9, 19, 12, tzinfo=UTC)) == seconds


def test_a_proxy_is_sent_everything(site):
    site.answers["http://far.example/x"] = answer(PAGE)

    result = look(site, "http://far.example/x", proxy=f"http://{site.origin}")

    assert (result.outcome, site.asked) == ("ok", ["http://far.example/x"])


def test_proxy_variables_are_not_heard(site, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert look(site, "/ok").outcome == "ok"


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_link_state(outcome):
    state = link_state(outcome, permanent_redirect=True)

    assert (state in (LinkState.LIVE, LinkState.MOVED)) is (
        outcome in {"ok", "unchanged", "too_large", "bad_type", "parse_limit", "empty"}
    )


@pytest.mark.parametrize(
    ("outcome", "facts", "state"),
    [
        ("ok", {"page_class": "captcha"}, "blocked"),
        ("ok", {"page_class": "soft_404", "permanent_redirect": True}, "deviated"),
        ("http_error", {"http_status": 403}, "blocked"),
        ("http_error", {"http_status": 404}, "failing"),
        ("gone", {}, "dead"),
        ("unchanged", {"permanent_redirect": True}, "moved"),
        ("blocked", {}, "failing"),
    ],
)
def test_link_states(outcome, facts, state):
    assert link_state(Outcome(outcome), **facts) == state
