"""What the faults are done to: a broker and workers of their own, started, stopped and killed by the tests."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from celery import Celery
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone
from kombu import Connection

from factcheck import broker
from factcheck.supervise import running
from sources.models import Source
from tests.fakes import Site

HOME = Path(__file__).resolve().parents[2]
TEXT = "The harbour office publishes its figures each month, and counted 412 arrivals in May, more than ever."

# Every wait of ours by one factor; the last are no shorter than a busy machine needs.
FACTOR = 0.02
SHRUNK = {
    "JOB_TIME_FACTOR": str(FACTOR),
    "SWEEP_EVERY": "0.3",
    "WORKER_SILENCE": "3",
    "WORKER_STOP_AFTER": "1",
    "CHECKS_PER_MINUTE": "10000",
    "CHECK_BATCH": "10",
    "FETCH_SPACING": "0",
    "FETCH_ROBOTS": "0",
    "PYTHONWARNINGS": "ignore",
}
TRANSPORT = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, "global_keyprefix": "faults:"}


def wait_for(what: Callable[[], object], name: str, seconds: float = 90):
    """Return the first true answer; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {name}"
        time.sleep(0.05)
    return answer


class HeldSite(Site):
    """A web site some of whose pages do not answer until they are let go."""

    def __init__(self):
        super().__init__()
        self.held: dict[str, threading.Event] = {}
        self.on_request: dict[str, Callable[[], None]] = {}
        site = self

        class Pages(dict):
            def get(self, path, default=None):
                if path in site.on_request:
                    site.on_request[path]()
                if path in site.held:
                    site.held[path].wait(20)
                return super().get(path, default)

        self.pages = Pages()

    def hold(self, path: str) -> str:
        """Let a page answer only once it is let go, and return its address."""
        self.held[path] = threading.Event()
        return self.says(path, TEXT, TEXT)

    def let_go(self) -> None:
        for event in self.held.values():
            event.set()

    def open_again(self) -> None:
        self.let_go()
        self.held.clear()
        self.on_request.clear()
        self.requests.clear()


class Broker:
    """A broker of the tests' own."""

    def __init__(self, folder: Path):
        self.folder, self.socket = folder / "broker", broker.socket_path(folder)
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return broker.url(self.socket)

    def start(self, *, empty: bool = False) -> None:
        if empty:
            for file in self.folder.rglob("*.aof*"):
                file.unlink()
        server = broker.find_server()
        assert server is not None, "the embedded broker's wheel is not installed"
        log = (self.folder.parent / "broker.log").open("ab")
        self.process = subprocess.Popen(broker.command(server, self.socket, self.folder), stdout=log, stderr=log)
        wait_for(lambda: broker.answers(self.socket), "the broker")

    def say(self, *words: str) -> str:
        return broker.ask(self.socket, *words)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        if how == signal.SIGKILL:
            self.process.wait(10)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.kill()


class Process:
    """A process of the service, in a session of its own, with its log."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], folder: Path):
        self.name, self.command, self.env, self.log = name, command, env, folder / f"{name}.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> "Process":
        with self.log.open("ab") as log:
            self.said_before = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, *self.command], cwd=HOME, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def said(self, words: str) -> int:
        """Count how often it said so since its start."""
        return self.log.read_bytes()[self.said_before :].decode("utf-8", "replace").count(words)

    def ready(self) -> "Process":
        wait_for(lambda: self.said(" ready."), f"{self.name} to be ready")
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tell(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)

    def kill(self) -> None:
        """End it and all its children at once, as a power cut would."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.wait(10)

    def wait(self) -> int:
        assert self.process is not None
        return self.process.wait(30)

    def children(self) -> list[int]:
        return [one.pid for one in running() if one.session == self.pid and one.pid != self.pid]


class Fork:
    """This very process once more, doing one thing and then ending: a worker that costs no start."""

    def __init__(self, work: Callable[[], object]):
        connection.close()  # none is shared with the child
        self.pid = os.fork()
        if not self.pid:
            try:
                work()
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)

    def tell(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)

    def wait(self) -> int:
        """Return its exit code, negative the signal that ended it."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self) -> None:
        with suppress(ProcessLookupError, ChildProcessError):
            self.tell(signal.SIGKILL)
            self.wait()


class Plant:
    """The broker, the workers and the timetable of one installation."""

    def __init__(self, folder: Path, database_url: str):
        self.folder, self.site, self.broker = folder, HeldSite(), Broker(folder)
        self.people = Celery("people", broker=self.broker.url, set_as_current=False)
        self.people.conf.broker_transport_options = TRANSPORT
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            "FACTCHECK_VAR": str(folder),
            "FACTCHECK_MEDIA": str(folder / "captures"),
            "DATABASE_URL": database_url,
            "REDIS_URL": self.broker.url,
            "REDIS_PREFIX": "faults:",
            "FETCH_ALLOWED_ORIGIN": self.site.origin,
            **SHRUNK,
        }
        self.processes: list[Process] = []
        self.forks: list[Fork] = []
        self.ticking = False
        self.over = threading.Event()

    # -- people and timetables ----------------------------------------------------------------------
    def send(self, task: str, **ids) -> None:
        """Put a message into the queue its route names, as a web process or the timetable does."""
        queue = "checks" if task == "sources.tasks.check_sources" else "now"
        with Connection(self.broker.url, transport_options=TRANSPORT) as line:
            self.people.send_task(task, kwargs=ids, queue=queue, connection=line, retry=False)

    def tick(self) -> None:
        """Sweep now and then until the tests are over, as a timetable does; call it twice for two of them."""

        def beat():
            while not self.over.wait(0.3):
                if self.ticking:
                    with suppress(Exception):
                        self.send("sources.tasks.check_due_sources")

        threading.Thread(target=beat, daemon=True).start()

    def waiting_messages(self) -> int:
        """Count what stands in the queues; a message that a worker has taken and not answered for is none."""
        return sum(int(self.broker.say("LLEN", f"faults:{queue}").strip(":\r\n") or 0) for queue in ("checks", "now"))

    # -- workers ------------------------------------------------------------------------------------
    def worker(self, name: str, processes: int = 1) -> Process:
        """Return the worker of this name, running; one that was ended is started again."""
        known = next((one for one in self.processes if one.name == name), None)
        if known is None:
            command = ["-m", "celery", "-A", "factcheck", "worker", "-n", f"{name}@faults", "-Q", "checks,now"]
            command += ["-c", str(processes), "--without-gossip", "--without-mingle", "-l", "INFO"]
            known = Process(name, command, self.env, self.folder)
            self.processes.append(known)
        return known if known.is_running() else known.start()

    def sweeper(self) -> Fork:
        """Start a `manage.py sweep --loop`, which works without a broker."""
        return self.fork(lambda: call_command("sweep", "--loop"))

    def fork(self, work: Callable[[], object]) -> Fork:
        self.forks.append(Fork(work))
        return self.forks[-1]

    def end_forks(self) -> None:
        while self.forks:
            self.forks.pop().kill()

    def deafen(self, worker: Process, queue: str) -> None:
        """Let a worker take nothing from a queue any more, and stay connected."""
        self.people.control.cancel_consumer(queue, destination=[f"{worker.name}@faults"], reply=True, timeout=5)

    def manage(self, *words: str) -> None:
        subprocess.run([sys.executable, "manage.py", *words], cwd=HOME, env=self.env, check=True, capture_output=True)

    def end(self) -> None:
        self.over.set()
        self.site.open_again()
        self.end_forks()
        for process in self.processes:
            process.kill()
        self.broker.end()
        self.site.close()


# -- what stands in the database -----------------------------------------------------------------------
def due(*urls: str) -> list[Source]:
    """Register these addresses, due at once."""
    now = timezone.now()
    return Source.objects.bulk_create(
        Source(url=url, registered_at=now, next_check_at=now, next_check_reason="first look") for url in urls
    )


def pass_waits() -> None:
    """Let the minutes and hours until the next tries be over."""
    waiting = Source.objects.filter(lease_expires_at=None, attempts_without_outcome__gt=0)
    waiting.filter(next_check_at__gt=timezone.now()).update(next_check_at=F("next_check_at") - timedelta(days=1))


def looker(source: Source) -> int:
    """Return the process that holds the lease of this source, 0 while none does."""
    source.refresh_from_db()
    found = re.search(r":(\d+):", source.lease_owner) if source.lease_expires_at else None
    return int(found.group(1)) if found else 0


def looks(source: Source) -> list[tuple[int, str]]:
    """Return the attempts recorded for a source and their outcomes, oldest first."""
    return list(source.checks.order_by("attempt").values_list("attempt", "outcome"))
