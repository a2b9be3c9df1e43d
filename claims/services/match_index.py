"""The match index of this machine: it follows the database by a cursor of its own and is rebuilt when it is lost.

The index is two, one of the claims as the desk has them and one of what is published, in a folder of this machine.
It is never the truth: what is found is read from the database before anybody sees it. What changed is read from the
history of claims, which every save of a claim writes in its own transaction; so whoever writes claims in bulk writes
their history rows too, and they are found here.

Whoever asks brings the index up to date first, by one short query when nothing changed. So a claim that was saved is
found by the next question on any machine, without a process that would have to run there.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.models import Max

from claims.matching import Entry, MatchIndex
from claims.models import Claim

from . import match_rows
from .match_state import Kept, lock, new_build, read_kept, remove_other_builds, write_kept

log = logging.getLogger(__name__)

# Rows of history that one question waits for; more are read in the background, and the answer says so.
FOLLOWED_AT_ONCE = 500
BATCH = 500
# In the background more are read at a time; and after an import of so many, building anew is faster than following.
FOLLOWED_BEHIND = 5_000
FOLLOWED_AT_MOST = 50_000
# So few claims are indexed while the first question waits.
REBUILT_AT_ONCE = 500
LOCK_WAIT = 1.0
# After a rebuild so many rows before its start are looked at again: what was being written then may carry a lower
# number than what was already there.
LOOK_BACK = 10_000
COUNT_EVERY = timedelta(hours=1)
MOVE_EVERY = timedelta(seconds=1)


class Condition(StrEnum):
    """What the index is worth at this moment."""

    READY = "ready"
    BEHIND = "behind"
    REBUILDING = "rebuilding"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Standing:
    """How the index stands, fit to show: `done` of `total` claims while it is rebuilt."""

    condition: Condition
    reason: str = ""
    claims: int = 0
    done: int = 0
    total: int = 0

    @property
    def sentence(self) -> str:
        """Say it in a sentence; nothing while all is well."""
        match self.condition:
            case Condition.REBUILDING:
                far = f" ({self.done:,} of {self.total:,} claims)" if self.total else ""
                return f"The search index is being rebuilt{far}: {self.reason}"
            case Condition.BEHIND:
                return "The search index is reading recent changes; the newest claims may be missing for a moment."
            case Condition.UNAVAILABLE:
                return f"The search index cannot be used ({self.reason}); claims are searched without it."
        return ""


class ClaimIndex:
    """The index in one folder, as one process sees it. Threads may share it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._guard = threading.RLock()
        self._seen: tuple[int, int] | None = None
        self._kept: Kept | None = None
        self._opened: dict[str, MatchIndex] = {}
        self._worker: threading.Thread | None = None
        self._progress = (0, 0)
        self._why = ""
        self._counted_at: datetime | None = None
        self._moved_at: datetime | None = None

    # -- reading -------------------------------------------------------------------------------------------

    def current(self, *, public: bool, now: datetime) -> tuple[MatchIndex | None, Standing]:
        """Return the index brought up to date, or as it is while somebody works on it, or None; and how it stands."""
        try:
            with self._guard:
                standing = self._follow(now)
                return self._opened.get("public" if public else "desk"), standing
        except (OSError, ValueError) as error:
            log.warning("the match index in %s cannot be used: %s", self.root, error)
            return None, Standing(Condition.UNAVAILABLE, str(error)[:200])

    def as_it_is(self) -> MatchIndex | None:
        """Return the desk's index as it lies there, without a question to the database; None where there is none."""
        try:
            with self._guard:
                self._open()
                return self._opened.get("desk")
        except (OSError, ValueError):
            return None

    def _follow(self, now: datetime) -> Standing:
        self._open()
        if _is_in_transaction():
            # What is written here may yet be taken back; the next question after it reads it.
            return self._standing(Condition.READY if self._kept else Condition.UNAVAILABLE, "it was not built yet")
        if self._worker is not None and self._worker.is_alive():
            return self._standing(Condition.REBUILDING if self._why else Condition.BEHIND)
        why = "" if self._kept else "it is missing or was made by another version."
        if not why:
            rows, why = self._rows_after()
        if not why:
            why = self._is_short_of_claims(now) if not rows else ""
        if why:
            self._counted_at = now
            return self._rebuild(why)
        if rows or self._may_move(now):
            self._moved_at = now
            return self._take_in(rows)
        return self._standing(Condition.READY)

    def _may_move(self, now: datetime) -> bool:
        """Whether to look if what was being written is finished; asked once a second."""
        is_due = self._moved_at is None or abs(now - self._moved_at) >= MOVE_EVERY
        return is_due and self._kept is not None and self._kept.mark is not None

    def _standing(self, condition: Condition, reason: str = "") -> Standing:
        if condition == Condition.REBUILDING:
            return Standing(condition, self._why, len(self), *self._progress)
        return Standing(condition, reason, len(self))

    def __len__(self) -> int:
        return len(self._opened["desk"]) if "desk" in self._opened else 0

    def _open(self) -> None:
        """See what this or another process has written since."""
        try:
            stat = os.stat(self.root / "state.json")
        except FileNotFoundError:
            self._kept, self._seen, self._opened = None, None, {}
            return
        if (stat.st_mtime_ns, stat.st_ino) == self._seen:
            return
        kept = read_kept(self.root)
        if kept is None:
            self._kept, self._opened = None, {}
        elif self._kept and self._kept.build == kept.build and self._opened:
            for index in self._opened.values():
                index.refresh()
        else:
            self._opened = {name: MatchIndex(self.root / kept.build / name) for name in ("desk", "public")}
        self._kept, self._seen = kept, (stat.st_mtime_ns, stat.st_ino)

    # -- following -----------------------------------------------------------------------------------------

    def _rows_after(self, limit: int = FOLLOWED_AT_ONCE) -> tuple[list[tuple[int, int]], str]:
        """Return the history rows not yet read, oldest first, as (history id, claim); or why the index is stale."""
        kept = self._kept
        assert kept is not None
        history = Claim.history.model.objects.filter(history_id__gte=kept.low).order_by("history_id")
        found = list(history.values_list("history_id", "id", "history_date")[: limit + len(kept.ahead) + 2])
        if kept.low and (not found or found[0][0] != kept.low or found[0][2].isoformat() != kept.low_date):
            return [], "the database is not the one it followed."
        ahead = set(kept.ahead)
        return [(row, claim) for row, claim, _ in found if row > kept.low and row not in ahead], ""

    def _take_in(self, rows: list[tuple[int, int]]) -> Standing:
        """Index the claims of these rows, unless another process is at it; more than a few in the background."""
        with lock(self.root, "write", wait=LOCK_WAIT if rows else 0) as held:
            if not held:
                return self._standing(Condition.BEHIND if rows else Condition.READY)
            more = self._take_in_locked(FOLLOWED_AT_ONCE)
        if more:
            assert self._kept is not None, "it has just been followed"
            waiting = Claim.history.model.objects.filter(history_id__gt=self._kept.low).count() - len(self._kept.ahead)
            if waiting > max(FOLLOWED_AT_MOST, len(self) // 2):
                self._in_background(self._rebuild_and_catch_up, "so many claims came at once that this is faster.")
                return self._standing(Condition.REBUILDING)
            self._in_background(self._catch_up, "")
            return self._standing(Condition.BEHIND)
        return self._standing(Condition.READY)

    def _take_in_locked(self, limit: int) -> bool:
        """Index one lot of what is new, and say whether there is more."""
        self._open()
        if self._kept is None:
            return False
        finished = _oldest_running()
        rows, why = self._rows_after(limit)
        if why:
            return False
        batch = rows[:limit]
        if batch:
            self._write({claim for _, claim in batch}, self._opened)
        self._keep(self._kept.after([row for row, _ in batch], finished, _newest_running(), _dates))
        return len(rows) > len(batch)

    def _write(self, ids: set[int], indexes: dict[str, MatchIndex]) -> None:
        targets = Claim.objects.filter(pk__in=ids, merged_into__isnull=False).values_list("merged_into", flat=True)
        ids = ids | {pk for pk in targets if pk}
        removed = [str(pk) for pk in ids]
        indexes["desk"].write(match_rows.desk_entries(ids), remove=removed)
        published = match_rows.public_entries(ids)
        if published or any(indexes["public"].has(pk) for pk in removed):
            indexes["public"].write(published, remove=removed)

    def _keep(self, kept: Kept) -> None:
        if kept != self._kept:
            write_kept(self.root, kept)
            self._kept = kept
            stat = os.stat(self.root / "state.json")
            self._seen = (stat.st_mtime_ns, stat.st_ino)

    def _is_short_of_claims(self, now: datetime) -> str:
        """Say what is wrong when the index has not as many claims as the database; asked once an hour."""
        if self._counted_at is not None and abs(now - self._counted_at) < COUNT_EVERY:
            return ""
        self._counted_at = now
        expected = Claim.objects.exclude(workflow=Claim.Workflow.MERGED).count()
        if expected == len(self):
            return ""
        rows, _ = self._rows_after()  # saved between the two counts
        return "" if rows else f"it held {len(self):,} of {expected:,} claims."

    # -- rebuilding ----------------------------------------------------------------------------------------

    def rebuild(self, *, why: str = "it was asked for.", told: Callable[[int, int], None] | None = None) -> bool:
        """Build the index anew beside the old one and put it in its place; return False if another process is at it.

        `told` is called with the claims done and all there are. Until it is done questions are answered by the old
        one; a crash leaves that one as it was.
        """
        with lock(self.root, "rebuild", wait=0) as held:
            if not held:
                return False
            self._build(told or (lambda done, total: None))
        log.info("the match index was rebuilt: %s", why)
        return True

    def _rebuild(self, why: str) -> Standing:
        self._why = why
        if Claim.objects.order_by()[: REBUILT_AT_ONCE + 1].count() <= REBUILT_AT_ONCE:
            with lock(self.root, "rebuild", wait=10 * LOCK_WAIT) as held:
                before = self._kept
                self._open()
                if held and (self._kept is None or self._kept == before):
                    self._build(lambda done, total: None)
                self._open()
            self._why = ""
            return self._standing(Condition.READY if self._kept else Condition.REBUILDING)
        log.warning("the match index is rebuilt: %s", why)
        self._in_background(self._rebuild_and_catch_up, why)
        return self._standing(Condition.REBUILDING)

    def _build(self, told: Callable[[int, int], None]) -> None:
        newest = Claim.history.model.objects.aggregate(newest=Max("history_id"))["newest"] or 0
        visible = Claim.history.model.objects.filter(history_id__lte=newest).order_by("-history_id")
        ahead = list(visible.values_list("history_id", flat=True)[:LOOK_BACK])
        build = new_build(self.root)
        indexes = {name: MatchIndex(self.root / build / name) for name in ("desk", "public")}
        total = Claim.objects.count()
        published: list[list[int]] = []
        progress = {"done": 0}

        def batches() -> Iterator[list[int]]:
            last = 0
            while ids := list(Claim.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
                yield ids
                last = ids[-1]
                progress["done"] += len(ids)
                self._progress = (progress["done"], total)
                told(progress["done"], total)

        def desk() -> Iterator[Entry]:
            for ids in batches():
                published.append([ids[0], ids[-1]])
                yield from match_rows.desk_entries(ids)

        def public() -> Iterator[Entry]:
            for first, last in published:
                rows = Claim.objects.published().filter(pk__gte=first, pk__lte=last).values_list("pk", flat=True)
                yield from match_rows.public_entries(rows)

        indexes["desk"].rebuild(desk())
        indexes["public"].rebuild(public())
        low = ahead[-1] if len(ahead) == LOOK_BACK else 0
        kept = Kept(build=build, low=low, low_date=_dates(low), ahead=tuple(row for row in ahead[::-1] if row > low))
        with lock(self.root, "write", wait=60):
            write_kept(self.root, kept)
            remove_other_builds(self.root, build)

    def _rebuild_and_catch_up(self) -> None:
        if self.rebuild(why=self._why):
            self._catch_up()

    def _catch_up(self) -> None:
        more = True
        while more:
            with self._guard, lock(self.root, "write", wait=LOCK_WAIT) as held:
                more = not held or self._take_in_locked(FOLLOWED_BEHIND)

    def _in_background(self, work: Callable[[], object], why: str) -> None:
        """Have this done by a thread, at most one at a time in this process."""
        if self._worker is not None and self._worker.is_alive():
            return
        self._why = why

        def run() -> None:
            try:
                work()
            except Exception:
                log.exception("the match index could not be worked on")
            finally:
                self._why = ""
                connections.close_all()

        self._worker = threading.Thread(target=run, name="match-index", daemon=True)
        self._worker.start()

    def wait(self, timeout: float = 60) -> None:
        """Wait until the work in the background, if there is any, is done."""
        worker = self._worker
        if worker is not None:
            worker.join(timeout)


def _dates(history_id: int) -> str:
    """Return the date of a history row, by which another database is told from this one."""
    found = Claim.history.model.objects.filter(history_id=history_id).values_list("history_date", flat=True).first()
    return found.isoformat() if found else ""


def _is_in_transaction() -> bool:
    """Whether what this connection reads may be rolled back; a test's own transaction does not count."""
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)


# PostgreSQL numbers a row before it is committed, so that a lower number may become visible after a higher one. These
# two tell when all that was being written at one moment is finished. SQLite has one writer at a time.
def _oldest_running() -> int:
    """Return the number of the oldest transaction that is not finished."""
    return _snapshot("xmin")


def _newest_running() -> int:
    """Return the number that the next transaction will have."""
    return _snapshot("xmax")


def _snapshot(end: str) -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_snapshot_{end}(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


_INDEXES: dict[str, ClaimIndex] = {}
_MAKING = threading.Lock()


def claim_index() -> ClaimIndex:
    """Return this process's view of the index in the folder that the settings name."""
    root = str(settings.MATCH_INDEX)
    with _MAKING:
        if root not in _INDEXES:
            _INDEXES.clear()  # a process has one; a test that names another is done with the last
            _INDEXES[root] = ClaimIndex(Path(root))
        return _INDEXES[root]
