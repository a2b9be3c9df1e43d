"""Goal 9: a claim by its id on PostgreSQL, and whether 64 connections at once see an error."""

import json
import os
import random
import statistics
import tempfile
import uuid
from pathlib import Path

import psycopg
import reading

NUMBER = 9
NAME = "PostgreSQL, claim by id, no 5xx at 64 connections, CPU x a bare Django view"
MUST, STRETCH = 5, 3.5
SERVER = os.environ.get("BENCH_POSTGRESQL", "postgres://root@127.0.0.1:5432")  # a database of our own is made there


def measure() -> tuple[float, str] | None:
    """Return the ratio of the CPU of one request, infinity where one failed; None where no PostgreSQL answers."""
    name = f"factcheck_bench_{uuid.uuid4().hex[:8]}"
    try:
        admin = psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        return None
    with admin, tempfile.TemporaryDirectory() as kept:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            return _measured(Path(kept), f"{SERVER}/{name}")
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _measured(folder: Path, database: str) -> tuple[float, str]:
    told = json.loads(reading.manage(reading.environment(folder, DATABASE_URL=database), "fill", "5000"))
    claims = [reading.get(f"/api/v1/claims/{code}") for code in random.Random(1).sample(told["codes"], 500)]
    mine, theirs = [], []
    with reading.bare(folder, told["body"]) as bare, reading.ours(folder, DATABASE_URL=database) as server:
        for number in range(reading.ROUNDS + 1):
            count = 3000 if number else 300
            theirs.append(bare.ask([reading.get("/constant")], count=count)[0])
            spent, came = server.ask(claims, count=count)
            assert set(came["statuses"]) == {"200"}, came
            mine.append(spent)
    with reading.ours(folder, threads=4, DATABASE_URL=database) as server:
        _, crowd = server.ask(claims, count=6000, connections=64)
    failed = sum(number for status, number in crowd["statuses"].items() if status >= "500")
    ours, others = statistics.median(mine[1:]), statistics.median(theirs[1:])
    words = (
        f"{ours:.3f} ms / {others:.3f} ms; 64 at once: {failed} of {crowd['count']} failed, p99 {crowd['p99']:.0f} ms"
    )
    return (float("inf") if failed else ours / others), words
