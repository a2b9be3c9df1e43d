"""From a name to a connection: one look-up a hop, the vetted address and no other, and TLS that carries the name.

The certificates beside this file are an authority's of these tests, valid until 2120 (but for the expired one).
"""

import asyncio
import contextlib
import socket
import ssl
import threading
from pathlib import Path

import pytest

from sources.connecting import tls_context
from sources.resolving import SystemResolver
from sources.web import Fetcher, FetchRequest, fetch_all
from tests.sources.hostile_site import ANSWERS, CountingResolver, Site, listening, look, moved, policy_for, running

CERTIFICATES = Path(__file__).with_name("certificates")
AUTHORITY = str(CERTIFICATES / "authority.pem")


@contextlib.contextmanager
def secure(name):
    """A site behind TLS with this certificate, and the names its visitors ask for."""
    names, context = [], ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    context.sni_callback = lambda connection, asked, _: names.append(asked)
    with running(ANSWERS, context) as site:
        site.names = names
        yield site


def secure_look(site, url="https://site.example:{port}/ok", **changes):
    resolver = CountingResolver({"site.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    policy = {"ports": (site.port,), "ca_file": AUTHORITY, **changes}
    return look(site, url.format(port=site.port), resolver=resolver, **policy)


def test_the_name_is_in_sni_certificate_and_host_and_the_connection_goes_to_the_vetted_address():
    with secure("good") as site:
        result = secure_look(site)

    assert (result.outcome, site.names) == ("ok", ["site.example"])
    assert f"Host: site.example:{site.port}" in site.heads[0]


def test_an_address_may_have_a_certificate_of_its_own():
    with secure("address") as site:
        assert secure_look(site, "https://127.0.0.1:{port}/ok").outcome == "ok"


@pytest.mark.parametrize(
    ("certificate", "url", "changes"),
    [
        ("good", "https://site.example:{port}/ok", {"ca_file": None}),
        ("good", "https://other.example:{port}/ok", {}),
        ("good", "https://127.0.0.1:{port}/ok", {}),
        ("expired", "https://site.example:{port}/ok", {}),
        ("self_signed", "https://site.example:{port}/ok", {}),
    ],
)
def test_a_certificate_that_does_not_prove_the_name_is_a_tls_error(certificate, url, changes):
    with secure(certificate) as site:
        result = secure_look(site, url, **changes)

    assert (result.outcome, site.asked) == ("tls_error", [])


def test_a_step_down_from_https_is_told():
    with secure("good") as site:
        site.answers["/down"] = moved(f"http://site.example:{site.port}/ok")
        result = secure_look(site, "https://site.example:{port}/down")

    assert (result.is_downgraded, result.redirects[0].url) == (True, f"http://site.example:{site.port}/ok")
    assert result.outcome != "ok"


@pytest.mark.parametrize(
    ("greeting", "outcome"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "tls_error"),
        (b"\x15\x03\x03\x00\x02\x02\x28", "tls_error"),
        (b"", "tls_error"),
        (None, "timeout"),
    ],
)
def test_a_host_that_answers_and_speaks_no_tls_was_reached(greeting, outcome):
    async def run():
        async def speak(reader, writer):
            await reader.read(1)
            if greeting is None:
                await asyncio.sleep(2)
            writer.write(greeting or b"")
            with contextlib.suppress(OSError):
                await writer.drain()
            writer.close()

        async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
            site = Site(port=server.sockets[0].getsockname()[1])
            async with Fetcher(policy_for(site, limits={"tls": 0.3})) as fetcher:
                return (await fetcher.fetch(FetchRequest(f"https://{site.origin}/"))).outcome

    assert asyncio.run(run()) == outcome


def test_a_missing_authority_is_said_before_anything_is_asked(site, tmp_path):
    with pytest.raises(OSError):
        look(site, "/ok", ca_file=str(tmp_path / "none.pem"))


def test_the_systems_own_authorities_stay_trusted_beside_ours():
    own, both = tls_context(None), tls_context(AUTHORITY)

    assert both.cert_store_stats()["x509_ca"] == own.cert_store_stats()["x509_ca"] + 1
    assert (both.verify_mode, both.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_name_is_looked_up_once_a_hop_and_each_answer_is_used_for_its_hop_alone(site):
    class Rebinding(CountingResolver):
        """Leads to the site first, and inside ever after."""

        async def resolve(self, host, port):
            self.asked.append(host)
            return ["127.0.0.1"] if len(self.asked) == 1 else ["10.0.0.1"]

    resolver = Rebinding()
    site.answers["/again"] = moved(f"http://rebind.example:{site.port}/ok")

    result = look(site, f"http://rebind.example:{site.port}/again", resolver=resolver, ports=(site.port,))

    assert (result.outcome, resolver.asked, site.asked) == ("blocked", ["rebind.example"] * 2, ["/again"])


def test_robots_and_page_are_a_look_up_each(site):
    resolver = CountingResolver({"a.example": ["127.0.0.1"]})

    result = look(site, f"http://a.example:{site.port}/ok", resolver=resolver, ports=(site.port,), robots=True)

    assert (result.outcome, resolver.asked) == ("ok", ["a.example"] * 2)
    assert site.asked == ["/robots.txt", "/ok"]


def test_a_second_address_of_a_name_is_tried_when_the_first_does_not_answer(site):
    resolver = CountingResolver({"two.example": ["2606:4700:4700::1111", "8.8.8.8", "1.1.1.1"]})

    async def run():
        loop = asyncio.get_running_loop()
        connect = loop.sock_connect

        async def only_to_the_last(sock, address):
            if address[0] != "1.1.1.1":
                raise ConnectionRefusedError
            await connect(sock, ("127.0.0.1", site.port))

        loop.sock_connect = only_to_the_last
        async with Fetcher(policy_for(site, ports=(site.port,)), resolver) as fetcher:
            return (await fetcher.fetch(FetchRequest(f"http://two.example:{site.port}/ok"))).outcome

    assert asyncio.run(run()) == "ok"


def test_a_peer_that_is_not_who_was_vetted_hears_nothing(site):
    """The network sends the connection elsewhere: to an address the guard does not know."""
    heard = []

    async def run():
        async def listen(reader, writer):
            heard.append(await reader.read(1))
            writer.close()

        async with await asyncio.start_server(listen, "127.0.0.7", 0) as server:
            elsewhere = server.sockets[0].getsockname()
            loop = asyncio.get_running_loop()
            connect = loop.sock_connect
            loop.sock_connect = lambda sock, address: connect(sock, elsewhere)
            async with Fetcher(policy_for(site)) as fetcher:
                outcome = (await fetcher.fetch(FetchRequest(site.url("/ok")))).outcome
            await asyncio.sleep(0.05)
            return outcome

    assert asyncio.run(run()) == "blocked"
    assert heard in ([], [b""])
    assert site.asked == []


def test_a_closed_and_a_filtered_port_look_the_same(site):
    async def run():
        async with Fetcher(policy_for(site, limits={"connect": 0.1})) as fetcher:
            closed = await fetcher.fetch(FetchRequest(f"http://{site.origin}/ok"))
            asyncio.get_running_loop().sock_connect = lambda *_: asyncio.sleep(9)
            filtered = await fetcher.fetch(FetchRequest(f"http://{site.origin}/ok"))
            return closed, filtered

    site.port = 1  # nobody listens
    closed, filtered = asyncio.run(run())

    assert (closed.outcome, closed.reason) == (filtered.outcome, filtered.reason)
    assert closed.outcome == "unreachable"


def test_a_connection_that_breaks_is_not_asked_for_again(site):
    site.answers["/silent"] = b""

    assert look(site, "/silent").outcome == "protocol_error"
    assert site.asked == ["/silent"]


def test_a_dns_outage_is_unreachable_for_every_name(site):
    results = fetch_all(
        [FetchRequest(f"http://n{n}.example/") for n in range(20)], policy_for(site), resolver=CountingResolver()
    )

    assert {(result.outcome, result.reason) for result in results} == {
        ("unreachable", "The site could not be reached.")
    }


def test_names_that_never_answer_hold_up_neither_other_names_nor_the_end(site, monkeypatch):
    held = threading.Event()

    def getaddrinfo(host, port, **_):
        if host.startswith("slow"):
            held.wait(20)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    async def run():
        policy = policy_for(site, ports=(site.port,), limits={"dns": 0.3})
        async with Fetcher(policy, SystemResolver()) as fetcher:
            hosts = [f"slow{n}.example" for n in range(60)]
            slow = [fetcher.fetch(FetchRequest(f"http://{host}:{site.port}/ok")) for host in hosts]
            outcomes = {result.outcome for result in await asyncio.gather(*slow)}
            return outcomes, (await fetcher.fetch(FetchRequest(f"http://fast.example:{site.port}/ok"))).outcome

    outcomes, other = asyncio.run(run())
    waiting = [thread for thread in threading.enumerate() if thread.name.startswith("resolve-")]
    held.set()

    assert (outcomes, other) == ({"unreachable"}, "ok")
    assert waiting and all(thread.daemon for thread in waiting)


def test_no_password_file_is_read(site, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))

    assert look(site, "/ok").outcome == "ok"
    assert "authorization" not in site.heads[0].lower()


@contextlib.contextmanager
def proxy(site):
    """An egress proxy that notes what it is asked, leads everything to the site, and refuses one host."""
    asked = []

    async def pump(reader, writer):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.close()

    async def serve(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b" ", 2)
        asked.append(f"{method.decode()} {target.decode()}")
        if b"refused.example" in target:
            writer.write(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", site.port)
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            path = b"/" + target.split(b"/", 3)[3]
            far_writer.write(head.replace(target, path, 1))
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))

    with listening(serve) as port:
        yield f"http://127.0.0.1:{port}", asked


def test_through_a_proxy_goes_every_request_and_no_name_is_looked_up_here(site):
    resolver = CountingResolver()
    site.answers["/on"] = moved("http://next.example/ok")
    with proxy(site) as (address, asked):
        result = look(site, "http://far.example/on", proxy=address, resolver=resolver, robots=True)

    assert (result.outcome, resolver.asked) == ("ok", [])
    assert asked == [
        "GET http://far.example/robots.txt",
        "GET http://far.example/on",
        "GET http://next.example/robots.txt",
        "GET http://next.example/ok",
    ]


def test_through_a_proxy_the_far_certificate_is_still_judged_here():
    with secure("good") as site, proxy(site) as (address, asked):
        trusted = secure_look(site, "https://site.example/ok", proxy=address, ports=(80, 443))
        wrong = secure_look(site, "https://other.example/ok", proxy=address, ports=(80, 443))

    assert (trusted.outcome, wrong.outcome) == ("ok", "tls_error")
    assert asked == ["CONNECT site.example:443", "CONNECT other.example:443"]


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://[::1]/", "http://0x7f.1/", "http://printer.local/", "http://a.example:22/"]
)
def test_a_proxy_opens_no_address_that_is_closed(site, url):
    site.answers["/in"] = moved(url)
    with proxy(site) as (address, asked):
        assert look(site, url, proxy=address).outcome == "blocked"
        assert look(site, "http://far.example/in", proxy=address).outcome == "blocked"

    assert asked == ["GET http://far.example/in"]


def test_a_proxy_that_refuses_or_is_gone_is_unreachable(site):
    with proxy(site) as (address, _):
        refused = look(site, "https://refused.example/", proxy=address)

    assert refused.outcome == "unreachable"
    assert look(site, "http://far.example/", proxy="http://127.0.0.1:1").outcome == "unreachable"
