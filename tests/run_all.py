"""Run the whole suite: on SQLite and an embedded broker, then on PostgreSQL and Redis where they answer (`make test`).

The second run is of every test that reaches a database or a broker; what reaches neither has run once already.
In servers that were there before, only databases named test_factcheck… and keys of this run's own prefix are touched.
The last line is pytest's own.
"""

import getpass
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

import psycopg  # noqa: E402
import redis  # noqa: E402

from factcheck import broker  # noqa: E402
from tests import npm  # noqa: E402
from tests.tools import find_chromium, find_node  # noqa: E402

RUN = uuid.uuid4().hex[:8]
PREFIX = f"test_factcheck:{RUN}:"
ROOM = 2 * 1024**3  # bytes that databases, captures and logs of a run may take
CLOSING_LINE = re.compile(
    r"^=*\s*(\d+ (passed|failed|errors?|skipped|deselected|xfailed|warnings?)|no tests ran)\b.* in [\d.]+s"
)


def main(arguments: list[str]) -> int:
    npm_problem = npm.install()
    outcomes = [on_sqlite(arguments)]
    postgres, server = find_postgres(), find_redis()
    second = " and ".join(name for name, found in (("PostgreSQL", postgres), ("Redis", server)) if found)
    if second:
        outcomes.append(on_servers(postgres, server, arguments))
    print("\n" + "-" * 80)
    print(f"Run on SQLite and the embedded broker: {outcomes[0][1]}")
    if second:
        print(f"Run on {second}: {outcomes[1][1]}")
    for name, found in (("PostgreSQL", postgres), ("Redis", server)):
        if not found:
            print(f"Not run on {name}: none answered.")
    for name, found in (("Chromium", find_chromium()), ("Node", find_node())):
        print(f"{name}: {found}" if found else f"{name}: not found, the tests that need it were left out")
    where = npm.INSTALLED.relative_to(HOME)
    print(
        f"Packages of npm: {npm_problem}; the tests that need them were left out"
        if npm_problem
        else f"Packages of npm: {where}"
    )
    failed = [outcome for outcome in outcomes if outcome[0]]
    print((failed or outcomes)[-1][1], flush=True)
    return 1 if failed else 0


def on_sqlite(arguments):
    with own_folder() as folder, embedded_broker(Path(folder)) as url:
        return run_pytest("SQLite and the embedded broker", folder, {"REDIS_URL": url}, arguments)


def on_servers(postgres, server, arguments):
    name = " and ".join(
        (["PostgreSQL"] if postgres else ["SQLite"]) + (["Redis"] if server else ["the embedded broker"])
    )
    with own_folder() as folder:
        env = {"DATABASE_URL": postgres} if postgres else {}
        chosen = ["--on-servers", *arguments]
        try:
            if server:
                return run_pytest(name, folder, {**env, "REDIS_URL": server}, chosen)
            with embedded_broker(Path(folder)) as url:
                return run_pytest(name, folder, {**env, "REDIS_URL": url}, chosen)
        finally:
            if postgres:
                drop_databases(postgres)
            if server:
                drop_keys(server)


def own_folder() -> tempfile.TemporaryDirectory:
    """Make the run's folder in memory where the system has such a place: nothing in it has to outlive a power cut."""
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return tempfile.TemporaryDirectory(prefix="factcheck-", dir=memory if is_roomy else None)


def run_pytest(name, folder, given, arguments):
    """Run the suite once, its output passed on as it comes; return its exit code and closing line."""
    processes = max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2)
    print(f"== On {name}, {processes} at a time ==", flush=True)
    env = {key: value for key, value in os.environ.items() if key not in settings_variables()}
    env |= {"FACTCHECK_VAR": folder, "REDIS_PREFIX": PREFIX, "PYTHONUNBUFFERED": "1", **given}
    command = [sys.executable, "-m", "pytest", "-n", str(processes), "--dist", "loadgroup"]
    command += ["--basetemp", str(Path(folder) / "tests"), *arguments]
    closing = "pytest ended without its closing line"
    with subprocess.Popen(
        command, cwd=HOME, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pytest:
        for line in pytest.stdout:
            print(line, end="", flush=True)
            if CLOSING_LINE.match(line):
                closing = line.strip()
    return pytest.returncode, closing


def settings_variables() -> set[str]:
    """Name everything the settings read, so that nothing of the caller's environment reaches a test."""
    text = (HOME / "factcheck/settings.py").read_text()
    return {"DJANGO_SETTINGS_MODULE", "PORT"} | set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", text))


@contextmanager
def embedded_broker(folder: Path):
    server = broker.find_server()
    if server is None:
        sys.exit("The embedded broker has no build for this system; set TEST_REDIS_URL to a Redis.")
    path = broker.socket_path(folder)
    process = subprocess.Popen(broker.command(server, path, folder / "broker"), stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not broker.answers(path):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("The embedded broker did not start.")
            time.sleep(0.05)
        yield broker.url(path)
    finally:
        process.terminate()
        process.wait(10)
        if path.parent != folder:
            shutil.rmtree(path.parent, ignore_errors=True)


def find_postgres() -> str:
    """Find a PostgreSQL in which databases may be made; the address with this run's own name in it."""
    given = [os.environ.get(name, "") for name in ("TEST_DATABASE_URL", "DATABASE_URL")]
    given = [url for url in given if url.startswith("postgres")][:1]
    guesses = [f"postgres://{user}@127.0.0.1:5432/postgres" for user in (getpass.getuser(), "postgres")]
    for url in given or guesses:
        own = urlunsplit(urlsplit(url)._replace(path=f"/factcheck_{RUN}"))
        with suppress(psycopg.Error), at_maintenance(own) as connection:
            may = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            if may and may[0]:
                return own
    return ""


def at_maintenance(url: str) -> psycopg.Connection:
    where = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    return psycopg.connect(where, connect_timeout=2, autocommit=True)


def drop_databases(url: str) -> None:
    """Drop what a broken-off run of ours has left; a run to the end leaves nothing."""
    with suppress(psycopg.Error), at_maintenance(url) as connection:
        mine = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"test\\_factcheck\\_{RUN}%"]
        )
        for (name,) in mine.fetchall():
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def find_redis() -> str:
    given = [os.environ.get(name, "") for name in ("TEST_REDIS_URL", "REDIS_URL")]
    for url in [url for url in given if url.startswith("redis")][:1] or ["redis://127.0.0.1:6379/0"]:
        with suppress(redis.RedisError, ValueError), redis.Redis.from_url(url, socket_connect_timeout=2) as line:
            line.ping()
            return url
    return ""


def drop_keys(url: str) -> None:
    with suppress(redis.RedisError), redis.Redis.from_url(url, socket_timeout=5) as line:
        for key in line.scan_iter(match=f"{PREFIX}*", count=500):
            line.unlink(key)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
