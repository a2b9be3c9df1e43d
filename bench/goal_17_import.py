"""Goal 17: claims with their history into the database, beside simple-history's bulk_create_with_history."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

NUMBER = 17
NAME = "import with history, rows/s x bulk_create_with_history"
MUST, STRETCH = 1.5, 2.5
LESS_IS_BETTER = False
HOME = Path(__file__).resolve().parent.parent
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))


def measure() -> tuple[float, str]:
    """Return the ratio of rows a second, from alternated runs on one new database, and what it was made of."""
    with tempfile.TemporaryDirectory() as var:
        env = {**os.environ, "FACTCHECK_VAR": var, "LOG_LEVEL": "WARNING", "PYTHONPATH": str(HOME)}
        if "BENCH_DATABASE_URL" in os.environ:
            env["DATABASE_URL"] = os.environ["BENCH_DATABASE_URL"]
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("importing.py")), str(ROUNDS)],
            cwd=HOME, env=env, check=True, capture_output=True, text=True,
        )  # fmt: skip
    rates = {"ours": [], "theirs": [], "whole": []}
    for line in done.stdout.splitlines():
        name, rate = line.split()
        rates[name].append(float(rate))
    ours, theirs, whole = (statistics.median(rates[name]) for name in ("ours", "theirs", "whole"))
    remark = f"{ours:,.0f} / {theirs:,.0f} rows/s; a whole import with names, figures, quotes: {whole:,.0f}"
    return ours / theirs, f"{remark}; median of {ROUNDS}"
