"""What looks may cost together: memory in hand, time over all hops, and the pace of one host."""

import asyncio

import pytest

from sources.decoding import BoundedDecoder
from sources.holding import Holding
from sources.parsing import parse_document
from sources.robots import RobotsRules
from sources.web import Fetcher, FetchRequest, fetch_all
from tests.sources.hostile_paths import gz, in_pieces, pdf, zipped
from tests.sources.hostile_site import ANSWERS, PAGE, CountingResolver, answer, look, look_at_each, moved, policy_for


def test_past_the_limit_only_the_eldest_reads_on():
    async def run():
        holding, read = Holding(10), []
        assert [holding.take(1, 6), holding.take(2, 6), holding.take(1, 6)] == [True, False, True]

        async def waits():
            await holding.turn(2)
            read.append(2)

        waiting = asyncio.create_task(waits())
        await asyncio.sleep(0)
        before = list(read)
        holding.give_back(1)
        await waiting
        return before, read

    assert asyncio.run(run()) == ([], [2])


def test_many_large_pages_at_once_are_all_read_in_little_memory(site):
    page = b"<p>" + b"x" * 900_000
    site.answers |= {f"/{n}": answer(page) for n in range(30)}
    requests = [FetchRequest(site.url(f"/{n}")) for n in range(30)]
    limits = {"held": 1_000_000, "per_host": 64, "total": 20.0, "idle": 20.0}

    lengths = look_at_each(
        requests, policy_for(site, limits=limits), lambda number, result: (number, len(result.body))
    )

    assert lengths == [(n, len(page)) for n in range(30)]


def test_what_reading_raises_is_raised(site):
    def read(number, result):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        look_at_each([FetchRequest(site.url("/ok"))], policy_for(site), read)


def test_the_time_is_one_budget_over_all_hops(site):
    slow = in_pieces(b"", moved("/2"), pause=0.35)
    site.answers |= {
        "/1": slow,
        "/2": in_pieces(b"", moved("/3"), pause=0.35),
        "/3": in_pieces(b"", moved("/4"), pause=0.35),
    }
    site.answers["/4"] = ANSWERS["/ok"]

    assert look(site, "/1", limits={"total": 0.8}).outcome == "timeout"
    assert look(site, "/1", limits={"total": 8.0}).outcome == "ok"


def test_the_pauses_between_its_own_hops_count_and_a_queue_before_it_does_not(site):
    site.answers |= {"/1": moved("/2"), "/2": moved("/3"), "/3": ANSWERS["/ok"]}
    pace = {"spacing": 0.3, "limits": {"per_host": 1, "total": 0.5}}

    assert look(site, "/1", **pace).outcome == "timeout"
    queue = fetch_all([FetchRequest(site.url("/ok")) for _ in range(4)], policy_for(site, **pace))
    assert [result.outcome for result in queue] == ["ok"] * 4


def test_those_in_the_queue_of_a_host_that_asks_for_time_are_told(site):
    site.answers["/429"] = ANSWERS["/429"]
    paths = ["/429", "/ok", "/ok"]

    results = fetch_all(
        [FetchRequest(site.url(path)) for path in paths], policy_for(site, spacing=0.1, limits={"per_host": 1})
    )

    assert [result.outcome for result in results] == ["rate_limited"] * 3
    assert site.asked == ["/429"]


def test_a_site_that_may_not_close_its_host_closes_its_own_address_alone(site):
    site.answers["/429"] = ANSWERS["/429"]

    async def run():
        async with Fetcher(policy_for(site, closes_hosts=False), CountingResolver()) as fetcher:
            return [await fetcher.fetch(FetchRequest(site.url(path))) for path in ("/429", "/ok")]

    first, second = asyncio.run(run())

    assert (first.outcome, first.retry_after, second.outcome) == ("rate_limited", 120, "ok")


def test_a_pdf_may_be_larger_than_a_page_whatever_it_is_called(site):
    large = pdf() + b"%" + b"x" * 1_500_000
    site.answers |= {
        "/named": answer(large, kind="application/pdf"),
        "/unnamed": answer(large, kind="application/octet-stream"),
        "/text": answer(large.replace(b"%PDF-", b"$PDF-"), kind="application/octet-stream"),
    }
    limits = {"wire": 1_000_000, "decoded": 1_000_000, "pdf": 2_000_000}

    outcomes = [look(site, path, limits=limits).outcome for path in ("/named", "/unnamed", "/text")]

    assert outcomes == ["ok", "ok", "too_large"]


def test_a_page_of_nothing_but_links_is_read_without_its_author():
    parsed = parse_document(b"<title>Index</title>" + b"<a href=/a>b</a> " * 30_000, "text/html", with_metadata=True)

    assert (parsed.title, parsed.main_text, len(parsed.text)) == ("Index", "", 59_999)


def test_a_mark_is_seen_through_a_coding():
    decoder = BoundedDecoder("gzip", 100)

    assert not decoder.begins(b"\x1f", b"%PDF-")
    assert not decoder.begins(b"plain", b"%PDF-")


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("User-agent: FactDesk/2.0\nDisallow: /", False),
        ("user-agent:factdesk\ndisallow:/", False),
        ("User-agent: Fact\nDisallow: /", True),
        ("User-agent: Desk\nDisallow: /", True),
        ("User-agent: FactDeskNews\nDisallow: /", True),
        ("User-agent: * # all\nDisallow: /", False),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /\nAllow: /ok", True),
        ("User-agent: *\nAllow: /ok\nDisallow: /ok", True),
        ("User-agent: *\nDisallow: /o*k$", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: factdesk\nDisallow: /secret", True),
        ("User-agent: other\nSitemap: /x\nUser-agent: factdesk\nDisallow: /", False),
        ("User-agent: other\nCrawl-delay: 9\nUser-agent: factdesk\nDisallow: /", False),
        ("\ufeffUser-agent: *\rDisallow: /", False),
        ("Disallow: /", True),
        ("User-agent *\nDisallow /", True),
        ("User-agent: *\nDissallow: /", True),
        ("User-agent: *\nDisallow: /" + "a*" * 5_000 + "\nDisallow: /" + "*" * 9_000 + "b", True),
    ],
)
def test_robots_rules_are_read_by_the_letter_of_the_standard(rules, allowed):
    read = RobotsRules(rules.encode(), "FactDesk/1.0 (+https://factdesk.example/bot)")

    assert read.allows("https://site.example/ok") is allowed


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (in_pieces(b"HTTP/1.1 200 OK\r\n", pause=9), "timeout"),
        (answer(b"", status="429 Wait"), "rate_limited"),
        (answer(b"", status="401 No"), "ok"),
        (answer(b"", status="599 X"), "not_permitted"),
        (b"", "not_permitted"),
        (gz(zipped(b"User-agent: *\nDisallow: /\n" + bytes(40_000_000))), "not_permitted"),
        (gz(zipped(bytes(40_000_000))), "ok"),
        (answer(PAGE, length=9_999), "not_permitted"),
        (answer(b"x", "Content-Encoding: gzip"), "not_permitted"),
    ],
)
def test_rules_that_cannot_be_read_are_not_taken_for_none(site, robots, outcome):
    site.answers["/robots.txt"] = robots

    assert look(site, "/ok", robots=True).outcome == outcome
    assert ("/ok" in site.asked) is (outcome == "ok")
