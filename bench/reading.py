"""What goals 1 to 9 share: a desk with published claims, servers of one worker on a core of their own, and their CPU.

Every server is asked in turn, round after round, by `load.py` on the other core; what counts is the CPU time of the
server's processes for one request, beside that of the bare Django view in the same run.
"""

import contextlib
import functools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import yardsticks

HERE = Path(__file__).resolve().parent
HOME = HERE.parent
CLIENT_CORE, SERVER_CORE = 0, 1
CLAIMS, ROUNDS, CONNECTIONS = 20_000, 5, 16
GRANIAN = ["-m", "granian", "--interface", "wsgi", "--workers", "1", "--no-ws", "--log-level", "error"]


def pin(core: int) -> None:
    if core < (os.cpu_count() or 1):
        os.sched_setaffinity(0, {core})


class Server:
    """A server and the processes it started."""

    def __init__(self, command: Sequence[str], port: int, folder: Path, **env: str):
        self.port, self.folder = port, folder
        self.log = (folder / f"server-{port}.log").open("w")
        self.process = subprocess.Popen(
            command, cwd=HOME, env={"PATH": os.environ.get("PATH", ""), **env}, stdout=self.log, stderr=self.log,
            start_new_session=True, preexec_fn=lambda: pin(SERVER_CORE),
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            time.sleep(0.05)
        raise RuntimeError(f"it does not listen: {(folder / f'server-{port}.log').read_text()[-2000:]}")

    def pids(self) -> list[int]:
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                todo += [int(child) for child in children.read_text().split()]
        return found

    def cpu(self) -> float:
        """CPU seconds of its processes so far, by their own clocks (clock_getcpuclockid(3))."""
        return sum(time.clock_gettime(((~pid) << 3) | 2) for pid in self.pids())

    def ask(self, requests: Sequence[str], *, count: int, connections: int = CONNECTIONS) -> tuple[float, dict]:
        """Return CPU milliseconds for a request, and what came back."""
        file = self.folder / "requests"
        file.write_text("\n".join(json.dumps(request) for request in requests))
        before = self.cpu()
        load = [sys.executable, str(HERE / "load.py"), str(self.port), str(connections), f"{count}n", str(file)]
        done = subprocess.run(load, check=True, stdout=subprocess.PIPE, preexec_fn=lambda: pin(CLIENT_CORE))
        spent = self.cpu() - before
        told = json.loads(done.stdout)
        return spent * 1000 / told["count"], told

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
        self.log.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(path: str, **headers: str) -> str:
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n{more}\r\n"


def post(path: str, body: str) -> str:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Accept: */*\r\nContent-Length: {len(body)}\r\n\r\n{body}"


def manage(env: dict[str, str], program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(HERE / "published.py"), program, *arguments],
        cwd=HOME, env={"PATH": os.environ.get("PATH", ""), **env}, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout.splitlines()[-1]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a production process has, with the limits counted in memory, as where one process serves."""
    return {
        "FACTCHECK_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "factcheck.settings", "PYTHONPATH": str(HOME),
        "READS_PER_MINUTE": "1000000", "KEY_REQUESTS_PER_MINUTE": "1000000", "LOG_LEVEL": "ERROR", **more,
    }  # fmt: skip


@contextlib.contextmanager
def ours(folder: Path, *, threads: int = 1, **env: str) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, *GRANIAN, "--port", str(port), "--blocking-threads", str(threads)]
    server = Server([*command, "factcheck.wsgi:application"], port, folder, **environment(folder, **env))
    try:
        yield server
    finally:
        server.end()


@contextlib.contextmanager
def bare(folder: Path, body: str) -> Iterator[Server]:
    port, kept = free_port(), folder / "constant.json"
    kept.write_text(body)
    command = [sys.executable, *GRANIAN, "--port", str(port), "--blocking-threads", "1", "bare:application"]
    server = Server(command, port, folder, BARE_BODY=str(kept), PYTHONPATH=str(HERE))
    try:
        yield server
    finally:
        server.end()


@contextlib.contextmanager
def datasette(folder: Path) -> Iterator[Server]:
    """The same database file, served by Datasette, which publishes tables as JSON."""
    port = free_port()
    command = [
        str(yardsticks.python()),
        str(HERE / "datasette_alone.py"),
        str(folder / "factcheck.sqlite3"),
        str(port),
    ]
    server = Server(command, port, folder, HOME=str(folder))
    try:
        yield server
    finally:
        server.end()


@functools.cache
def measured() -> dict[str, dict]:
    """Return CPU milliseconds, bytes and p99 of every kind of read on SQLite: medians of alternated rounds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = json.loads(manage(environment(folder), "fill", str(CLAIMS)))
        with bare(folder, told["body"]) as yardstick, ours(folder) as server, datasette(folder) as theirs:
            return _measured(yardstick, server, theirs, told)


def _measured(yardstick: Server, server: Server, theirs: Server, told: dict) -> dict[str, dict]:
    codes, pks, last = told["codes"], told["pks"], told["last"]
    picked = random.Random(1)
    claims = [get(f"/api/v1/claims/{code}") for code in picked.sample(codes, 500)]
    held = [get(f"/api/v1/claims/{code}", If_None_Match=f'"{code}-1"') for code in picked.sample(codes, 500)]
    by_key = [get(f"/api/v1/claims/{code}", Authorization=f"Bearer {told['key']}") for code in codes[:500]]
    ids = [json.dumps({"ids": picked.sample(codes, 100)}) for _ in range(50)]
    list_held = get("/api/v1/claims?page_size=50", If_None_Match=told["list_etag"])
    asked = {
        "bare": (yardstick, [get("/constant")], 4000, 200),
        "claim": (server, claims, 4000, 200),
        "key": (server, by_key, 3000, 200),
        "list": (server, [get("/api/v1/claims?page_size=50")], 1500, 200),
        "status": (server, [post("/api/v1/claims:status", body) for body in ids], 1500, 200),
        "nothing new": (server, [get(f"/api/v1/changes?after={last}")], 3000, 200),
        "200 rows": (server, [get(f"/api/v1/changes?after={last // 2}&page_size=200")], 1000, 200),
        "304 claim": (server, held, 4000, 304),
        "304 list": (server, [list_held], 4000, 304),
        "datasette": (theirs, [get(f"/factcheck/claims_claim/{pk}.json") for pk in pks[:500]], 1000, 200),
    }
    cpu: dict[str, list[float]] = {name: [] for name in asked}
    found: dict[str, dict] = {}
    for number in range(ROUNDS + 1):
        for name, (where, requests, count, status) in asked.items():
            spent, came = where.ask(requests, count=count if number else 300)
            assert set(came["statuses"]) == {str(status)}, (name, came)
            if number:  # the first round warms what is cached
                cpu[name].append(spent)
                found[name] = came
    return {name: {**found[name], "cpu": statistics.median(spent)} for name, spent in cpu.items()}


def beside_bare(name: str) -> tuple[float, str]:
    """Return one kind of read's CPU beside the bare view's, and both in words."""
    found = measured()
    mine, theirs = found[name], found["bare"]
    words = f"{mine['cpu']:.3f} ms / {theirs['cpu']:.3f} ms, p99 {mine['p99']:.1f} / {theirs['p99']:.1f} ms at 16"
    return mine["cpu"] / theirs["cpu"], words
