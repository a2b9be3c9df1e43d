"""What stands beside the match index on disk: how far it has read, which build is in use, and who works on it."""

import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from claims.matching.index import FORMAT

_PAUSE = 0.01


@dataclass(frozen=True)
class Kept:
    """How far an index has read the history of claims.

    All rows up to `low` are read, and beyond it those in `ahead`. `mark` is a row and the number that the next
    transaction had when it was the newest: once all before that number are finished, `low` moves there.
    """

    build: str
    low: int = 0
    low_date: str = ""
    ahead: tuple[int, ...] = ()
    mark: tuple[int, int] | None = None

    def after(self, rows: list[int], finished: int, newest: int, date_of: Callable[[int], str]) -> "Kept":
        """Return how far it has read after these rows. `finished`: all transactions before this number were, before
        the rows were read; `newest`: the number of the next one, since.
        """
        kept = replace(self, ahead=tuple(sorted({*self.ahead, *rows})))
        mark = kept.mark if newest else (kept.ahead[-1], 0) if kept.ahead else None
        if mark and mark[1] <= finished:
            date, ahead = date_of(mark[0]), tuple(row for row in kept.ahead if row > mark[0])
            kept, mark = replace(kept, low=mark[0], low_date=date, ahead=ahead, mark=None), None
        if mark is None and kept.ahead:
            mark = (kept.ahead[-1], newest)
        return replace(kept, mark=mark)


def read_kept(root: Path) -> Kept | None:
    """Return how far the index in this folder has read; None where that cannot be told or is of another format."""
    try:
        found = json.loads((root / "state.json").read_text(encoding="utf-8"))
        if found.pop("format") != FORMAT or not (root / found["build"]).is_dir():
            return None
        mark = found.pop("mark")
        ahead = tuple(map(int, found.pop("ahead")))
        return Kept(**found, ahead=ahead, mark=(int(mark[0]), int(mark[1])) if mark else None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_kept(root: Path, kept: Kept) -> None:
    """Put the state in the place of the old one, whole or not at all."""
    new = root / f"state.{uuid.uuid4().hex}.new"
    new.write_text(json.dumps({"format": FORMAT, **asdict(kept)}), encoding="utf-8")
    os.replace(new, root / "state.json")


def new_build(root: Path) -> str:
    """Make and name a folder for a rebuild."""
    name = f"build-{uuid.uuid4().hex}"
    (root / name).mkdir(parents=True)
    return name


def remove_other_builds(root: Path, kept: str) -> None:
    """Remove what earlier builds and crashed ones left; whoever still reads one has its files open."""
    for left in root.glob("build-*"):
        if left.name != kept:
            shutil.rmtree(left, ignore_errors=True)
    for left in root.glob("state.*.new"):
        left.unlink(missing_ok=True)


@contextmanager
def lock(root: Path, name: str, *, wait: float) -> Iterator[bool]:
    """Hold a lock among the processes of this machine and yield True; or False after waiting so many seconds.

    A process that dies gives it back.
    """
    root.mkdir(parents=True, exist_ok=True)
    handle = os.open(root / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + wait
        held = _try(handle)
        while not held and time.monotonic() < until:
            time.sleep(_PAUSE)
            held = _try(handle)
        yield held
    finally:
        os.close(handle)


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
