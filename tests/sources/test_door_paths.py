"""The whole catalogue of hostile paths, looked at together; each has its outcome and nobody else is called."""

import contextlib
import socket
from dataclasses import dataclass

import pytest

from sources.outcomes import Outcome
from sources.parsing import Parser, ParseRefused
from sources.web import FetchRequest
from tests.sources.hostile_paths import PATHS
from tests.sources.hostile_site import ANSWERS, CountingResolver, Site, look_at_each, policy_for, running

HURRIED = {"per_host": 16, "total": 2.0, "idle": 1.0, "first_byte": 1.5, "decoded": 3_000_000}
PATIENT = {"per_host": 16, "total": 60.0, "idle": 60.0, "first_byte": 60.0, "connect": 60.0, "decoded": 3_000_000}


@dataclass(repr=False)
class Looks:
    """What one run over all paths brought."""

    found: dict[str, tuple[Outcome, str]]
    called: int
    site: Site


def calling(reply, canary):
    """The same answer, with the canary's address where it says so."""
    if not isinstance(reply, bytes) or b"CANARY" not in reply:
        return reply
    head, _, body = reply.replace(b"CANARYHOST", b"%s:%d" % canary).partition(b"\r\n\r\n")
    address = b"http://%s:%d/" % canary
    body = body.replace(b"CANARY", address)
    lines = [line for line in head.replace(b"CANARY", address).split(b"\r\n") if b"Content-Length" not in line]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body


@pytest.fixture(scope="module")
def looks():
    """Every path's outcome, and how many called the canary, from one run over all of them."""
    slow = [path for path, (outcome, _) in PATHS.items() if outcome == "timeout"]
    quick = [path for path in PATHS if path not in slow]
    with socket.socket() as canary:
        canary.bind(("127.0.0.1", 0))
        canary.listen(50)
        canary.setblocking(False)
        address = (b"127.0.0.1", canary.getsockname()[1])
        answers = {path: calling(reply, address) for path, (_, reply) in PATHS.items()}
        with running({**ANSWERS, "/caf%C3%A9": ANSWERS["/ok"], "/%E2%80%AEko": ANSWERS["/ok"], **answers}) as site:
            parser = Parser()

            def read(number, result):
                if result.outcome is Outcome.OK:
                    try:
                        parser.parse(result.body, result.headers.get("content-type", ""), result.final_url)
                    except ParseRefused as refusal:
                        return refusal.outcome, refusal.reason
                return result.outcome, result.reason

            # Only what is slow by design is given little time: the rest must not depend on this machine's.
            found = {}
            for paths, limits in ((slow, HURRIED), (quick, PATIENT)):
                requests = [FetchRequest(site.url(path)) for path in paths]
                policy = policy_for(site, closes_hosts=False, limits=limits)
                seen = look_at_each(requests, policy, read, resolver=CountingResolver(), in_flight=16)
                found |= dict(zip(paths, seen, strict=True))
            parser.close()
        called = 0
        with contextlib.suppress(BlockingIOError):
            while canary.accept():
                called += 1
    return Looks(found, called, site)


@pytest.mark.parametrize("path", PATHS)
def test_each_path_has_its_outcome(looks, path):
    outcome, reason = looks.found[path]

    assert outcome in PATHS[path][0].split()
    assert reason
    assert "127." not in reason


def test_no_path_makes_us_call_anybody_else(looks):
    assert looks.called == 0


def test_nothing_a_page_names_is_asked_for_and_no_cookie_comes_back(looks):
    site = looks.site

    assert not [head for head in site.heads if "\ncookie:" in head.lower()]
    assert {asked.partition("?")[0] for asked in site.asked} <= {*PATHS, *ANSWERS, "/caf%C3%A9", "/%E2%80%AEko"}


def test_there_are_many_paths():
    assert len(PATHS) >= 150
