"""Goal 18: one claim read again and again on SQLite, quiet and while an import writes into the same file."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

NUMBER = 18
NAME = "reads during an import on SQLite, p99 x quiet (no error)"
MUST, STRETCH = 2.5, 1.7
HOME = Path(__file__).resolve().parent.parent
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))


def measure() -> tuple[float, str]:
    """Return the median ratio of the 99th percentiles; an error makes it endless."""
    with tempfile.TemporaryDirectory() as var:
        env = {**os.environ, "FACTCHECK_VAR": var, "LOG_LEVEL": "ERROR", "PYTHONPATH": str(HOME)}
        env["DATABASE_URL"] = f"sqlite:///{var}/bench.sqlite3"
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("reading_while_importing.py")), str(ROUNDS)],
            cwd=HOME, env=env, check=True, capture_output=True, text=True,
        )  # fmt: skip
    rows = [[float(value) for value in line.split()] for line in done.stdout.splitlines()]
    errors = sum(row[2] for row in rows)
    ratio = statistics.median(during / quiet for quiet, during, *_ in rows)
    quiet, during, _, reads, written = (statistics.median(column) for column in zip(*rows, strict=True))
    remark = f"{errors:.0f} errors; p99 {quiet:.2f} -> {during:.2f} ms over {reads:,.0f} reads, {written:,.0f} rows/s"
    return (ratio if not errors else float("inf")), f"{remark}; median of {ROUNDS}"
