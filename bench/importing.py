"""Writes claims with their history both ways, in turns, on the database the environment names: `importing.py ROUNDS`.

"ours" is the import's own writer with drafts that hold what bulk_create_with_history writes: the claim and its
history, and the row of where it came from besides. "whole" is a file of made claims from its bytes to its end.
"""

import os
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from simple_history.utils import bulk_create_with_history  # noqa: E402

from bench.claims_file import lines  # noqa: E402
from claims import permissions, public_ids  # noqa: E402
from claims.importing.rows import Draft  # noqa: E402
from claims.models import Claim, Import  # noqa: E402
from claims.services.import_command import begin_command  # noqa: E402
from claims.services.import_writing import CHUNK, Writer  # noqa: E402
from claims.services.importing import run_import  # noqa: E402

ROWS = 10_000
WORDS = "The harbour office of {place} counted {n} arrivals in May, nine more than the year before, and said so again"
numbers = count()


def texts() -> list[str]:
    made = [f"{WORDS.format(place=f'basin {n % 97}', n=n)} on page {n}." for n in (next(numbers) for _ in range(ROWS))]
    return [text.ljust(180, ".") for text in made]


def theirs(by: User) -> float:
    """Claims as objects, a thousand to a transaction."""
    ready, now = texts(), timezone.now()
    began = time.perf_counter()
    for at in range(0, ROWS, CHUNK):
        claims = [
            Claim(public_id=public_id, text=text, drafted_by=by, created_at=now, updated_at=now)
            for public_id, text in zip(public_ids.several(CHUNK), ready[at : at + CHUNK], strict=True)
        ]
        bulk_create_with_history(
            claims, Claim, batch_size=CHUNK, default_user=by, default_date=now, default_change_reason="imported"
        )
    return ROWS / (time.perf_counter() - began)


def ours(by: User, run: Import) -> float:
    ready, now = texts(), timezone.now()
    writer = Writer(run, by)
    began = time.perf_counter()
    for at in range(0, ROWS, CHUNK):
        drafts = [Draft(number=n, place=f"line {n}", text=text) for n, text in enumerate(ready[at : at + CHUNK], at)]
        with transaction.atomic():
            writer.write(drafts, [()] * len(drafts), now=now)
    return ROWS / (time.perf_counter() - began)


def whole(by: User, number: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.jsonl"
        path.write_text("".join(lines(ROWS, seed=number)).replace('"made-', f'"{number}-'), encoding="utf-8")
        run = begin_command(name=path.name, sha256=f"{number:064}", byte_count=0, by=by, now=timezone.now())
        began = time.perf_counter()
        run_import(import_id=run.pk, clock=timezone.now, opener=lambda: path.open("rb"))
        return ROWS / (time.perf_counter() - began)


def main(rounds: int) -> None:
    call_command("migrate", verbosity=0)
    by = User.objects.create(username=f"bench-{time.time_ns()}")
    by.groups.add(Group.objects.get(name=permissions.DESK_LEADS))
    run = Import.objects.create(
        via=Import.Via.COMMAND, state=Import.State.DONE, started_by=by, started_at=timezone.now()
    )
    theirs(by), ours(by, run)  # warm up
    for number in range(rounds):
        print("theirs", theirs(by))
        print("ours", ours(by, run))
        print("whole", whole(by, number), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
