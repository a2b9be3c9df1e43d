"""What goals 10, 12, 14 and 16 share: a farm, a desk of its own in a temporary folder, and their CPU time.

`with desk(...)` gives a process of its own a database with sources at the farm; `checking.py bare PORT N` is the
pipeline without Django that the desk is measured beside.
"""

import asyncio
import contextlib
import gzip
import hashlib
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import farm

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))
CLIENT_CORE, FARM_CORE = 0, 1


def pin(core: int) -> None:
    """Keep this process, and what it starts, on one core where there are several."""
    if core < (os.cpu_count() or 1):
        os.sched_setaffinity(0, {core})


@contextlib.contextmanager
def running_farm() -> Iterator[int]:
    """Start the farm on a core of its own, and yield its port."""
    with tempfile.TemporaryDirectory() as folder:
        port_file = Path(folder) / "port"
        command = [sys.executable, str(Path(farm.__file__)), str(port_file)]
        process = subprocess.Popen(command, preexec_fn=lambda: pin(FARM_CORE))
        try:
            while not (port_file.exists() and port_file.read_text()):
                time.sleep(0.02)
            yield int(port_file.read_text())
        finally:
            process.kill()
            process.wait()


def set_version(port: int, version: int) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/version/{version}").read()


def url_of(port: int, number: int, kind: str = "page", hosts: int = farm.HOSTS) -> str:
    return f"http://h{number % hosts}.farm.example:{port}/{kind}/{number}"


def run(*arguments: str, program: Sequence[str] = (sys.executable, __file__)) -> dict:
    """Run one of this file's commands, or another program, on the client's core; return what it printed."""
    with tempfile.TemporaryDirectory() as var:
        env = {"PATH": os.environ.get("PATH", ""), "FACTCHECK_VAR": var, "FETCH_SPACING": "0", "FETCH_ROBOTS": "0"}
        done = subprocess.run(
            [*program, *arguments],
            cwd=HOME, env=env, check=True, stdout=subprocess.PIPE, preexec_fn=lambda: pin(CLIENT_CORE),
        )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def cpu_seconds() -> float:
    """CPU of this process and of its children, those alive among them."""
    total = sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )
    tick = os.sysconf("SC_CLK_TCK")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                total += (int(fields[11]) + int(fields[12])) / tick
    return total


class FarmResolver:
    """Every name of the farm is here."""

    async def resolve(self, host: str, port: int) -> list[str]:
        return ["127.0.0.1"]


def open_desk(port: int) -> None:
    """Set up Django on the temporary folder, its door open to the farm."""
    os.environ["FETCH_ALLOWED_ORIGIN"] = f"127.0.0.1:{port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from dataclasses import replace
    from functools import partial

    from sources.services import checks

    policy = checks.policy
    checks.policy = lambda: replace(policy(), ports=(80, 443, port))
    checks.look_at_many = partial(checks.look_at_many, resolver=FarmResolver())
    parse = checks.parse_document  # author and date are guessed at the first look alone, which no goal measures
    checks.parse_document = lambda body, content_type, url, with_metadata: parse(body, content_type, url)


def register(urls: list[str]) -> list[int]:
    from django.utils import timezone

    from sources.models import Source

    now = timezone.now()
    rows = [Source(url=url, registered_at=now, next_check_at=now) for url in urls]
    return [source.pk for source in Source.objects.bulk_create(rows)]


def look(ids: list[int], size: int) -> None:
    """Lease these and look at them, a batch after another, as the worker does."""
    from django.conf import settings
    from django.utils import timezone

    from sources.models import Source
    from sources.services import checks, leases

    settings.CHECK_BATCH, settings.CHECKS_PER_MINUTE = size, 1_000_000
    Source.objects.filter(pk__in=ids).update(next_check_at=timezone.now(), handed_out_at=None)
    for batch in leases.hand_out():
        checks.check_sources(source_ids=batch, clock=timezone.now)


def attach(ids: list[int]) -> None:
    """Let one claim quote every source once."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from claims.models import Claim, Evidence
    from sources.models import Snapshot

    now = timezone.now()
    user = User.objects.create(username="bench")
    claim = Claim(text="The harbours counted arrivals.", drafted_by=user, created_at=now, updated_at=now)
    claim.save()
    evidence = []
    for snapshot in Snapshot.objects.filter(source__in=ids).select_related("source"):
        quote = farm.quote(int(snapshot.source.url.rsplit("/", 1)[1]), 1)
        start = snapshot.text.index(quote)
        evidence.append(
            Evidence(
                claim=claim, snapshot=snapshot, quote=quote, start=start, end=start + len(quote), stance="supports",
                confirmed_at=now, added_at=now, added_by=user, accepted_at=now, accepted_by=user,
            )
        )  # fmt: skip
    Evidence.objects.bulk_create(evidence)


def whole_check(port: int, count: int, size: int) -> dict:
    """Look at pages that were read once and have changed since, quotes and rows and all."""
    from django.utils import timezone

    open_desk(port)
    set_version(port, 1)
    ids = register([url_of(port, number) for number in range(count)])
    look(ids, size)
    attach(ids)
    set_version(port, 2)
    from claims.models import QuoteCheck
    from claims.services.quotes import check_quotes
    from sources.models import SourceCheck

    began, spent = time.perf_counter(), cpu_seconds()
    look(ids, size)
    fetched, cpu_fetched = time.perf_counter() - began, cpu_seconds() - spent
    check_quotes(now=timezone.now())
    spent = cpu_seconds() - spent
    results = list(QuoteCheck.objects.values_list("result", flat=True))
    return {
        "cpu_ms": spent * 1000 / count,
        "cpu_looks_ms": cpu_fetched * 1000 / count,
        "per_second": count / fetched,
        "ok": SourceCheck.objects.filter(outcome="ok").count(),
        "changed": SourceCheck.objects.filter(has_changed=True).count(),
        "quotes": {result: results.count(result) for result in sorted(set(results))},
    }


async def bare_pipeline(port: int, count: int) -> dict:
    """aiohttp, selectolax, the quote by find or edlib, a hash, gzip and SQLite rows: nothing checked or guarded."""
    import aiohttp
    import edlib
    from selectolax.lexbor import LexborHTMLParser

    set_version(port, 2)
    database = sqlite3.connect(Path(os.environ["FACTCHECK_VAR"]) / "bare.sqlite3")
    database.execute("pragma journal_mode=wal")
    database.execute("create table snapshot (url text, fetched_at real, sha256 text, text text, raw blob)")
    database.execute("create table looked (url text, checked_at real, status int, start int)")
    rows, found = [], 0
    slots = asyncio.Semaphore(64)

    def write() -> None:
        with database:
            database.executemany("insert into snapshot values (?, ?, ?, ?, ?)", [row[:5] for row in rows])
            database.executemany("insert into looked values (?, ?, ?, ?)", [(r[0], r[1], r[5], r[6]) for r in rows])
        rows.clear()

    async def one(session: aiohttp.ClientSession, number: int) -> None:
        nonlocal found
        url = url_of(port, number)
        async with slots, session.get(f"http://127.0.0.1:{port}/page/{number}") as response:
            raw = await response.read()
        body = LexborHTMLParser(raw.decode()).body
        text = body.text(separator="\n")
        quote = farm.quote(number, 1)
        start = text.find(quote)
        if start < 0:
            start = edlib.align(quote, text, mode="HW", task="distance", k=len(quote) // 2)["locations"][0][1]
        found += start >= 0
        digest = hashlib.sha256(text.encode()).hexdigest()
        rows.append((url, time.time(), digest, text, gzip.compress(raw, 1), response.status, start))
        if len(rows) == 50:
            write()

    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(one(session, number) for number in range(32)))
        rows.clear()
        began, spent, found = time.perf_counter(), cpu_seconds(), 0
        await asyncio.gather(*(one(session, number) for number in range(count)))
        write()
        spent, seconds = cpu_seconds() - spent, time.perf_counter() - began
    return {"cpu_ms": spent * 1000 / count, "per_second": count / seconds, "found": found}


def many_at_once(port: int, count: int, silent: int) -> dict:
    """Look at pages of 256 hosts with 256 in flight, and so many hosts besides that never answer."""
    from dataclasses import replace

    open_desk(port)
    from sources.batches import look_at_many
    from sources.parsing import parse_document
    from sources.services import checks

    set_version(port, 1)
    urls = [url_of(port, number, hosts=256) for number in range(count)]
    urls += [f"http://silent{number}.farm.example:{port}/silent/{number}" for number in range(silent)]
    urls.sort(key=farm.latency)  # mixed, the same every time
    requests = [checks.FetchRequest(url) for url in urls]

    def read(index, result):
        if result.outcome == "ok":
            parse_document(result.body, "text/html", result.final_url)
        return result.outcome, time.perf_counter()

    began, last, outcomes = time.perf_counter(), 0.0, {"ok": 0, "wrong": 0}
    for arrived in look_at_many(requests, replace(checks.policy()), read, in_flight=256, resolver=FarmResolver()):
        for index, (outcome, at) in arrived:
            if "/silent/" in urls[index]:
                continue
            outcomes["ok" if outcome == "ok" else "wrong"] += 1
            last = max(last, at)
    return {"seconds": last - began, **outcomes}


def looks_alone(port: int, count: int, size: int) -> dict:
    """Look at pages in batches of this size, and say how many a second."""
    open_desk(port)
    set_version(port, 1)
    ids = register([url_of(port, number) for number in range(count)])
    look(ids, size)
    set_version(port, 2)
    began = time.perf_counter()
    look(ids, size)
    return {"per_second": count / (time.perf_counter() - began)}


COMMANDS = {"whole": whole_check, "many": many_at_once, "looks": looks_alone}

if __name__ == "__main__":
    command, *numbers = sys.argv[1:]
    if command == "bare":
        print(json.dumps(asyncio.run(bare_pipeline(*map(int, numbers)))))
    else:
        print(json.dumps(COMMANDS[command](*map(int, numbers))))
