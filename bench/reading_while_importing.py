"""Reads one claim over the API's own view, quiet and during an import into the same SQLite file: ROUNDS times.

Prints for each round: p99 quiet, p99 during (ms), errors, reads during, rows a second of the import.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
os.environ["READS_PER_MINUTE"] = "0"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench.claims_file import lines  # noqa: E402

ROWS, READS = 15_000, 3_000


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)] * 1000


def read(client: Client, address: str) -> tuple[float, bool]:
    began = time.perf_counter()
    answer = client.get(address)
    return time.perf_counter() - began, answer.status_code == 200


def main(rounds: int) -> None:
    address = published_claim()
    client = Client(headers={"accept": "application/json"}, SERVER_NAME="127.0.0.1")
    for _ in range(300):
        read(client, address)
    for number in range(rounds):
        quiet = [read(client, address)[0] for _ in range(READS)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "claims.jsonl"
            made = "".join(lines(ROWS, seed=100 + number)).replace('"made-', f'"{number}-')
            path.write_text(made, encoding="utf-8")
            command = [sys.executable, "manage.py", "import_claims", str(path)]
            importing = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            importing.stdout.readline()  # the first line of progress: it writes now
            began, during, wrong = time.perf_counter(), [], 0
            while importing.poll() is None:
                seconds, is_good = read(client, address)
                during.append(seconds)
                wrong += not is_good
            took = time.perf_counter() - began
            if importing.returncode:
                raise SystemExit("the import failed")
        print(p99(quiet), p99(during), wrong, len(during), ROWS / took, flush=True)


def published_claim() -> str:
    """Return the address of a claim that is published, told as the tests tell it."""
    from datetime import UTC, datetime

    from tests import factories

    call_command("migrate", verbosity=0)
    factories.NOW = datetime.now(UTC)
    claim = factories.published()
    connection.close()
    return f"/api/v1/claims/{claim.code}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
