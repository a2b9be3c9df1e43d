"""Keep a few processes running: started in order, started again when they end, all ended together.

Each is the leader of a session of its own, so that Ctrl-C reaches only this process, which then ends the
others in order; and whatever a part has started itself ends with it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LOG_LIMIT = 2 * 1024 * 1024  # bytes; a longer log is set aside at the next start
SHORTEST_LIFE = 30.0  # a part that ends sooner than this waits longer before it is started again
LONGEST_WAIT = 30.0


class StartFailed(Exception):
    """A part that would not start, with its own last words."""


def say(text: str = "", end: str = "\n") -> None:
    """Print at once; a terminal that has gone is no reason to end."""
    with suppress(OSError, ValueError):
        print(text, end=end, flush=True)


# -- what runs on this machine ----------------------------------------------------------------------
@dataclass(frozen=True)
class Running:
    pid: int
    group: int
    session: int
    started: str
    command: str


def running() -> Iterator[Running]:
    """List the processes of this machine that are not already dead."""
    if not Path("/proc/self/stat").exists():
        yield from _running_by_ps()
        return
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            # The name stands in brackets and may hold anything; the numbers follow the last bracket.
            words = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if words[0] not in "ZX":
                yield Running(int(entry.name), int(words[2]), int(words[3]), words[19], command)


def _running_by_ps() -> Iterator[Running]:
    columns = ["ps", "-A", "-o", "pid=,pgid=,state=,lstart=,command="]
    lines = subprocess.run(columns, capture_output=True, text=True, check=False).stdout.splitlines()
    for line in lines:
        pid, group, state, *rest = line.split(maxsplit=8)
        if not state.startswith("Z") and len(rest) > 5:
            yield Running(int(pid), int(group), int(group), " ".join(rest[:5]), rest[5])


def started_at(pid: int) -> str:
    return next((one.started for one in running() if one.pid == pid), "")


def end_group(group: int, how: signal.Signals = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)


def end_leftovers(folder: Path) -> int:
    """End what a supervisor that was killed left running, by the files it kept; return how many groups.

    A number alone proves nothing, it may belong to another program by now: the leader must have started when
    the file says, or, where only its children are left, those must run from this very environment.
    """
    ended = 0
    everything = list(running())
    for file in sorted(folder.glob("*.pid")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(file.read_text())
            members = [one for one in everything if one.group == kept["pid"] == one.session]
            leader = [one for one in members if one.pid == kept["pid"]]
            ours = leader[0].started == kept["started"] if leader else any(sys.prefix in m.command for m in members)
            if members and ours:
                end_group(kept["pid"], signal.SIGTERM)
                _wait(lambda group=kept["pid"]: not any(one.group == group for one in running()), 3)  # type: ignore[misc]
                end_group(kept["pid"])
                ended += 1
        file.unlink(missing_ok=True)
    return ended


def _wait(until: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


# -- one part -----------------------------------------------------------------------------------------
@dataclass
class Part:
    """One process that should always be there."""

    name: str
    command: Callable[[], list[str]]
    ready: Callable[[], bool]
    env: dict[str, str]
    folder: Path
    home: Path
    before: Callable[[], None] = lambda: None
    patience: float = 60.0
    last: bool = False  # ended after the others, which still need it
    insist: signal.Signals = signal.SIGTERM  # what it is told when asking once was not enough
    sign: Callable[[], object] | None = None  # says something new each time while it works; None is nothing
    silence: float = 90.0  # without a new sign for so long it is started again
    process: subprocess.Popen | None = None
    began: float = 0.0
    next_try: float | None = None
    failures: int = 0
    announced: bool = True
    log_from: int = field(default=0, repr=False)
    heard: tuple[object, float] = (None, 0.0)  # its last sign, and when that was new
    next_look: float = 0.0

    @property
    def log(self) -> Path:
        return self.folder / "log" / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        return self.folder / "run" / f"{self.name}.pid"

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.before()
        self.began, self.next_try = time.monotonic(), None
        self.heard = (None, self.began)
        with self.log.open("ab") as log:
            self.log_from = log.tell()
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.env,
                cwd=self.home,
                start_new_session=True,
            )
        pid = self.process.pid
        self.pid_file.write_text(json.dumps({"pid": pid, "started": started_at(pid)}))

    def wait_until_ready(self, stopping: Callable[[], bool]) -> None:
        """Return when it answers or we are told to stop; raise StartFailed with its last words when it never does."""
        deadline = time.monotonic() + self.patience
        while not stopping() and not self.ready():
            if self.process is not None and self.process.poll() is not None:
                raise StartFailed(f"{self.name} {how_it_ended(self.process.returncode)}: {self.last_words()}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{self.name} gave no answer in {self.patience:.0f} s: {self.last_words()}")
            time.sleep(0.05)

    def tend(self) -> None:
        """Start it again if it has ended by itself, sooner the longer it had lived."""
        now = time.monotonic()
        if self.next_try is not None:
            if now >= self.next_try:
                self.announced = False
                self.start()
            return
        if self.process is not None and self.process.poll() is not None:
            end_group(self.process.pid)
            self.failures = 1 if now - self.began > SHORTEST_LIFE else self.failures + 1
            wait = 0.0 if self.failures == 1 else min(LONGEST_WAIT, 2.0 ** (self.failures - 2))
            later = f" in {wait:.0f} s" if wait else ""
            why = f" Its last words: {self.last_words()}" if self.failures > 1 else ""
            say(f"{self.name} {how_it_ended(self.process.returncode)}; starting it again{later}.{why}")
            self.next_try = now + wait
        elif self.is_silent(now):
            say(f"{self.name} is there and does nothing; ending it.")
            self.end_now()
        elif not self.announced and self.ready():
            self.announced = True
            say(f"{self.name} is back.")

    def is_silent(self, now: float) -> bool:
        """Whether it gave no sign of work for too long, as one that is stopped, stuck or deaf."""
        if self.sign is None or now < self.next_look:
            return False
        self.next_look = now + min(2.0, self.silence / 4)
        said = self.sign()
        if said is not None and said != self.heard[0]:
            self.heard = (said, now)
        return now - self.heard[1] > self.silence

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tell(self, how: signal.Signals) -> None:
        if self.process is not None and self.alive():
            self.process.send_signal(how)

    def end_now(self) -> None:
        if self.process is not None:
            end_group(self.process.pid)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=2)
        self.pid_file.unlink(missing_ok=True)

    def last_words(self) -> str:
        """Return the last line it wrote since its start, readable where it is a line of JSON."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(self.log_from, self.log.stat().st_size - 8192))
                lines = log.read().decode("utf-8", "replace").strip().splitlines()
        except OSError:
            lines = []
        line = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
        with suppress(ValueError):
            said = json.loads(line)
            if isinstance(said, dict):
                line = (said.get("trace") or said.get("message") or line).strip().splitlines()[-1]
        return f"{line[:300]} (all of it in {self.log})"


def how_it_ended(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended by itself with {code}"


def end_all(parts: list[Part], hurry: Callable[[], bool]) -> None:
    """End every part: asked first, made to within five seconds, at once when told to hurry."""
    for batch in ([p for p in parts if not p.last], [p for p in parts if p.last]):
        # The leaders alone: a worker first lets its children finish, and gives back what they do not.
        for part in batch:
            part.tell(signal.SIGTERM)
        if not _wait(lambda these=batch: hurry() or not any(p.alive() for p in these), 2.5):  # type: ignore[misc]
            for part in batch:
                part.tell(part.insist)
            _wait(lambda these=batch: hurry() or not any(p.alive() for p in these), 1.0)  # type: ignore[misc]
        for part in batch:
            part.end_now()
