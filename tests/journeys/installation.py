"""A database and a broker that belong to one test alone, on whichever of the two kinds the suite runs."""

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import Popen

import psycopg
from django.conf import settings

from factcheck import broker
from tests.journeys.service import wait_for

HOME = Path(__file__).resolve().parents[2]


@contextmanager
def migrated_database(folder: Path) -> Iterator[str]:
    """Make a database with every migration run, for others to be copied from: running them takes ten seconds."""
    with own_database(folder) as url:
        env = {**os.environ, "DATABASE_URL": url, "FACTCHECK_VAR": str(folder)}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=HOME, env=env, check=True)
        yield url


@contextmanager
def own_database(folder: Path, *, copy_of: str = "") -> Iterator[str]:
    """Make a database beside the suite's and give its address; dropped at the end. Empty, or a copy of another."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        if copy_of:
            with closing(sqlite3.connect(copy_of.removeprefix("sqlite:///"))) as original:
                original.execute("VACUUM INTO ?", [str(folder / "factcheck.sqlite3")])
        yield f"sqlite:///{folder / 'factcheck.sqlite3'}"
        return
    name = f"test_factcheck_{uuid.uuid4().hex[:12]}"
    host, port, user = database["HOST"] or "127.0.0.1", database["PORT"] or 5432, database["USER"]
    where = {"host": host, "port": port, "user": user, "password": database["PASSWORD"] or None}
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {copy_of.rpartition('/')[2] or 'template1'}")
        try:
            secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
            yield f"postgres://{user}{secret}@{host}:{port}/{name}"
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def own_broker(folder: Path) -> Iterator[str]:
    """Give the suite's broker where it has one, or start an embedded one in the test's folder."""
    given = os.environ.get("REDIS_URL", "")
    if given:
        yield given
        return
    server = broker.find_server()
    assert server is not None, "The embedded broker's wheel is not installed; run `make test`."
    socket = broker.socket_path(folder)
    keep = folder / "broker"
    keep.mkdir()
    process = Popen(broker.command(server, socket, keep))
    try:
        wait_for(lambda: broker.answers(socket), name="the broker")
        yield broker.url(socket)
    finally:
        process.terminate()
        process.wait(10)
