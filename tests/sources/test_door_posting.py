"""Posts, as webhooks make them: through the same guard, once, and judged by the status that comes back."""

import asyncio

import pytest

from sources.web import Fetcher, PostRequest
from tests.sources.hostile_site import PAGE, CountingResolver, answer, moved, policy_for
from tests.sources.test_door_connecting import AUTHORITY, secure

BODY = b'{"type": "claim.published", "seq": 28}'
HURRIED = {"post": 1.0, "first_byte": 15.0}
PATIENT = {"post": 60.0, "first_byte": 60.0, "idle": 60.0, "connect": 60.0}
HEADERS = {"Content-Type": "application/json", "webhook-id": "msg_1"}


def posted(site, url, *, resolver=None, **changes):
    async def run():
        async with Fetcher(policy_for(site, **changes), resolver or CountingResolver()) as fetcher:
            return await fetcher.post(PostRequest(url, BODY, HEADERS))

    return asyncio.run(run())


def test_a_post_brings_its_body_and_headers_and_the_start_of_the_answer(site):
    site.answers["/hook"] = answer(b"x" * 40_000, status="202 Accepted", kind="text/plain")

    result = posted(site, site.url("/hook"))

    assert (result.outcome, result.http_status, result.response_head) == ("ok", 202, b"x" * 16_384)
    head = site.heads[-1]
    assert head.startswith("POST /hook HTTP/1.1\r\n")
    assert "Content-Type: application/json\r\n" in head and "webhook-id: msg_1\r\n" in head
    assert "User-Agent: FactDesk/1.0" in head and "Cookie" not in head
    assert site.bodies == [BODY]


@pytest.mark.parametrize(
    ("reply", "outcome", "wait"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", "ok", None),
        (answer(b"", status="200 OK"), "ok", None),
        (answer(b"", status="299 OK", kind="image/png"), "ok", None),
        (answer(b"\x1f\x8b junk", "Content-Encoding: gzip"), "ok", None),
        (answer(PAGE, length=9_999), "ok", None),
        ([answer(PAGE, length=9_999), b""], "ok", None),
        (moved("/ok"), "redirect_error", None),
        (answer(b"", status="304 Not Modified"), "redirect_error", None),
        (answer(b"", status="400 Bad Request"), "http_error", None),
        (answer(b"", status="401 Unauthorized"), "auth_required", None),
        (answer(b"", status="410 Gone"), "gone", None),
        (answer(b"", "Retry-After: 120", status="429 Wait"), "rate_limited", 120),
        (answer(b"", "Retry-After: 7", status="503 Busy"), "server_error", 60),
        (answer(b"", status="500 Oh"), "server_error", None),
        (b"", "protocol_error", None),
        (b"nonsense\r\n\r\n", "protocol_error", None),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 9, "protocol_error", None),
        ([b""], "timeout", None),
    ],
)
def test_the_status_decides_whatever_becomes_of_the_body(site, reply, outcome, wait):
    site.answers["/hook"] = reply

    result = posted(site, site.url("/hook"), limits=HURRIED if isinstance(reply, list) else PATIENT)

    assert (result.outcome, result.retry_after) == (outcome, wait)
    assert result.reason.endswith(".")
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example/", "https://10.0.0.1/", "https://localhost/", "https://a@hook.example/",
        "https://hook.example:8443/", "ftp://hook.example/", "http://127.0.0.1:1/", "https://0x7f.1/",
    ],
)  # fmt: skip
def test_a_post_goes_to_https_and_to_open_addresses_alone(site, url):
    resolver = CountingResolver({"hook.example": ["8.8.8.8"]})

    assert posted(site, url, resolver=resolver).outcome == "blocked"
    assert resolver.asked == []


def test_a_name_that_leads_inside_is_blocked_for_posts_too(site):
    resolver = CountingResolver({"hook.example": ["8.8.8.8", "192.168.0.1"]})

    assert posted(site, "https://hook.example/", resolver=resolver).outcome == "blocked"
    assert resolver.asked == ["hook.example"]


def test_over_tls_the_name_must_be_proved():
    resolver = CountingResolver({"site.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    with secure("good") as site:
        site.answers["/hook"] = answer(b"thanks")
        trust = {"resolver": resolver, "ca_file": AUTHORITY, "ports": (site.port,)}
        known = posted(site, f"https://site.example:{site.port}/hook", **trust)
        unproved = posted(site, f"https://other.example:{site.port}/hook", **trust)

    assert (known.outcome, known.response_head, unproved.outcome) == ("ok", b"thanks", "tls_error")
    assert site.bodies == [BODY]


def test_posts_ask_no_robots_and_wait_for_no_turn(site):
    site.answers |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /"), "/hook": answer(b"")}

    async def run():
        async with Fetcher(policy_for(site, robots=True, spacing=60.0), CountingResolver()) as fetcher:
            one = PostRequest(site.url("/hook"), BODY)
            return [result.outcome for result in await asyncio.gather(*(fetcher.post(one) for _ in range(5)))]

    assert asyncio.run(run()) == ["ok"] * 5
    assert site.asked == ["/hook"] * 5
