"""The one command: the whole service on this machine, with its demo desk (`make run`).

Broker, demo sources, web server, workers and timetable are processes of their own under the eye of this one.
Everything they keep lies in var/. It is always the embedded service: a DATABASE_URL, a REDIS_URL or a word of
production in the environment is left out, so that the demo desk never lands in a real one's database.
"""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TextIO

from factcheck import broker
from factcheck.bootstrap import CannotStart, check_version, check_writable
from factcheck.demo.accounts import demo_accounts
from factcheck.supervise import Part, StartFailed, end_all, end_leftovers, say

HOME = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
STEPS = 7
THREADS = "8"  # of the web server
CHANGE_AFTER = 60  # seconds until one of the demo's sources changes and another goes away

# The waits of the demo's checks are seconds; its pages say so.
DEMO_SETTINGS = {
    "FACTCHECK_DEMO": "1",
    "SWEEP_EVERY": "2",
    "CHECK_INTERVAL_FIRST": "20",
    "CHECK_INTERVAL_MIN": "10",
    "CHECK_INTERVAL_MAX": "120",
    "CHECK_CONFIRM_AFTER": "10",
    "DEATH_SPACING": "20",
    "WORKER_STOP_AFTER": "1.5",
    "FETCH_SPACING": "0.2",
}
LEFT_OUT = ("DATABASE_URL", "FACTCHECK_PRODUCTION", "FACTCHECK_DEBUG", "DJANGO_SETTINGS_MODULE", "REDIS_PREFIX")
QUIET = "ignore:\nYou're running the worker with superuser privileges"


class Stopped(Exception):
    """Someone asked for the end while things were still starting."""


class Service:
    """The processes of one var folder, from the first check to the last goodbye."""

    def __init__(self, folder: Path, port: int):
        self.folder = folder
        self.port = port
        self.demo_port = 0
        self.parts: list[Part] = []
        self.signals = 0
        self.step = 0
        self.site_began = 0.0
        self.lock: TextIO | None = None

    # -- before anything runs ---------------------------------------------------------------------
    def check(self) -> None:
        """Raise CannotStart with a sentence where this cannot work; end what a killed run left behind."""
        check_writable(str(self.folder))
        (self.folder / "run").mkdir(parents=True, exist_ok=True)
        self.take_lock()
        ended = end_leftovers(self.folder / "run")
        if ended:
            say(f"Ended {ended} processes that an earlier run had left behind.")
        check_port(self.port, "make run PORT=8080")
        self.demo_port = self.choose_demo_port()

    def take_lock(self) -> None:
        """Hold var/run/lock as long as this process lives, however it ends."""
        self.lock = (self.folder / "run" / "lock").open("a+")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.lock.seek(0)
            where = self.lock.read().strip() or "in another window"
            raise CannotStart(f"The service is already running from this folder, {where}: open or end that.") from None
        self.lock.truncate(0)
        self.lock.write(f"at http://{HOST}:{self.port}/ (process {os.getpid()})")
        self.lock.flush()

    def choose_demo_port(self) -> int:
        """Keep the port of the first start: the demo's sources are addresses, and the desk knows them by it."""
        kept = self.folder / "demo-port"
        with suppress(OSError, ValueError):
            port = int(kept.read_text())
            check_port(port, f"rm -r {self.folder} && make run, which starts the demo desk anew")
            return port
        wanted = os.environ.get("DEMO_PORT", "")
        if wanted:
            port = port_number(wanted, "DEMO_PORT")
            check_port(port, "make run DEMO_PORT=8081")
        else:
            port = next((p for p in range(self.port + 1, min(self.port + 100, 65536)) if port_problem(p) is None), 0)
            if not port:
                raise CannotStart(
                    f"No port is free above {self.port} for the demo's sources: make run DEMO_PORT=9000 names one."
                )
        kept.write_text(str(port))
        return port

    # -- starting ----------------------------------------------------------------------------------
    def up(self) -> None:
        """Start everything and return when all of it answers."""
        began = time.monotonic()
        self.begin("Looking at what is here")
        self.check()
        sock = broker.socket_path(self.folder)
        env = self.environment(broker.url(sock))
        self.done()

        self.begin("Starting the broker")
        server = broker.find_server()
        if server is None:
            env["REDIS_URL"] = outside_broker()
            workers_ready: Callable[[int], bool] = lambda count: True  # noqa: E731
        else:
            sock.unlink(missing_ok=True)
            keep = self.folder / "broker"
            self.start(
                "broker",
                partial(broker.command, server, sock, keep),
                partial(broker.answers, sock),
                env,
                last=True,
                sign=lambda: time.monotonic() if broker.answers(sock) else None,
                silence=30.0,
            )
            workers_ready = lambda count: broker.listening_workers(sock) >= count  # noqa: E731
        self.done()

        self.begin("Starting the demo's sources")
        self.site_began = time.monotonic()
        self.start("sources", self.site_command, partial(listens, self.demo_port), env)
        self.done()

        self.begin("Migrating the database")
        self.manage(env, "migrate", "--no-input", "--verbosity", "1")
        self.done()

        self.begin("Loading the demo desk")
        self.manage(env, "load_demo")
        self.done()

        python = sys.executable
        celery = [python, "-m", "celery", "-A", "factcheck"]
        worker = [
            *celery,
            "worker",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            "--loglevel",
            "INFO",
        ]
        timetable = self.folder / "beat"
        self.begin("Starting the web server")
        web = [python, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(self.port), "--no-ws"]
        web += [
            "--workers",
            "1",
            "--blocking-threads",
            THREADS,
            "--respawn-failed-workers",
            "--workers-kill-timeout",
            "2",
        ]
        web += ["factcheck.wsgi:application"]
        self.prepare("web", lambda: web, partial(is_healthy, self.port), env)
        # Two, so that what a person waits for never stands behind a long batch of checks.
        for name, queues, processes in (("worker", "checks,now", "2"), ("worker-now", "now", "1")):
            line = [*worker, "-n", f"{name}@%h", "-Q", queues, "-c", processes]
            pulse = self.folder / "run" / f"{name}.pulse"
            self.prepare(
                name,
                partial(list, line),
                partial(workers_ready, 2),
                {**env, "WORKER_PULSE": str(pulse)},
                insist=signal.SIGQUIT,
                sign=partial(last_touched, pulse),
            )
        beat = [*celery, "beat", "--schedule", str(timetable), "--pidfile=", "--loglevel", "INFO"]
        self.prepare(
            "timetable",
            lambda: beat,
            partial(is_newer, timetable),
            env,
            before=partial(forget_timetable, timetable),
        )
        waiting = self.parts[-4:]
        for part in waiting:
            part.start()
        waiting[0].wait_until_ready(self.check_stop)
        self.done()
        self.begin("Waiting for the workers and the timetable")
        for part in waiting[1:]:
            part.wait_until_ready(self.check_stop)
        self.done()
        say(f"All of it answers after {time.monotonic() - began:.0f} s.")

    def prepare(self, name: str, command: Callable[[], list[str]], ready: Callable[[], bool], env, **more) -> Part:
        part = Part(name=name, command=command, ready=ready, env=env, folder=self.folder, home=HOME, **more)
        self.parts.append(part)
        return part

    def start(self, name: str, command: Callable[[], list[str]], ready: Callable[[], bool], env, **more) -> None:
        part = self.prepare(name, command, ready, env, **more)
        part.start()
        part.wait_until_ready(self.check_stop)

    def site_command(self) -> list[str]:
        """Start the sources at the moment of their story they had reached: what was gone stays gone."""
        told = (self.folder / "demo-changed").exists()
        left = 0 if told else max(0, CHANGE_AFTER - int(time.monotonic() - self.site_began))
        site = ["-m", "factcheck.demo.site", "--port", str(self.demo_port), "--change-after", str(left)]
        return [sys.executable, *site]

    def environment(self, redis_url: str) -> dict[str, str]:
        env = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        env |= {name: os.environ.get(name) or value for name, value in DEMO_SETTINGS.items()}
        env.setdefault("SITE_URL", f"http://{HOST}:{self.port}")
        env |= {
            "FACTCHECK_VAR": str(self.folder),
            "REDIS_URL": redis_url,
            "FETCH_ALLOWED_ORIGIN": f"{HOST}:{self.demo_port}",
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
            "WEB_THREADS": THREADS,
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": QUIET,
        }
        return env

    def manage(self, env: dict[str, str], *words: str) -> None:
        """Run one management command to its end, a dot every two seconds; StartFailed with its last words."""
        part = Part(words[0], lambda: [sys.executable, "manage.py", *words], lambda: False, env, self.folder, HOME)
        part.start()
        self.parts.append(part)
        dot = time.monotonic() + 2
        while part.alive():
            self.check_stop()
            time.sleep(0.02)
            if time.monotonic() > dot:
                say(".", end="")
                dot += 2
        self.parts.remove(part)
        part.pid_file.unlink(missing_ok=True)
        if part.process is not None and part.process.returncode:
            raise StartFailed(f"manage.py {words[0]} failed: {part.last_words()}")

    # -- running -----------------------------------------------------------------------------------
    def watch(self) -> None:
        """Keep every part running until told to stop."""
        marker = self.folder / "demo-changed"
        while not self.signals:
            time.sleep(0.2)
            for part in self.parts:
                if self.signals:
                    return
                try:
                    part.tend()
                except OSError as trouble:
                    say(f"{part.name} cannot be started ({trouble}); trying again.")
                    part.next_try = time.monotonic() + 5
            if not marker.exists() and time.monotonic() - self.site_began > CHANGE_AFTER + 5:
                with suppress(OSError):
                    marker.touch()

    def told_to_stop(self, *_: object) -> None:
        self.signals += 1

    def check_stop(self) -> bool:
        if self.signals:
            raise Stopped
        return False

    def down(self) -> None:
        asked = self.signals
        end_all(self.parts, hurry=lambda: self.signals > max(asked, 1))

    # -- words -------------------------------------------------------------------------------------
    def begin(self, what: str) -> None:
        self.step += 1
        self.since = time.monotonic()
        say(f"[{self.step}/{STEPS}] {what} ...", end="")

    def done(self) -> None:
        say(f" {time.monotonic() - self.since:.1f} s")

    def welcome(self) -> None:
        address = f"http://{HOST}:{self.port}"
        accounts = demo_accounts()
        rows = [
            ("Sign in as", "Password", "Who it is"),
            *((a.username, a.password, a.role_and_name) for a in accounts),
        ]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        say(f"\n  {address}/\n")
        for row in rows:
            say(f"  {row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}")
        say("\nThree things to try:")
        say(f"  1. Sign in as {accounts[0].username}, add an article and accept a candidate as a claim.")
        say("  2. Stay for a minute: one source changes a figure, another is gone; the desk shows what follows.")
        say(f"  3. Ask the API what has been published: curl {address}/api/v1/claims")
        say(f"\nLogs are in {self.folder / 'log'}. Ctrl-C ends everything.")


# -- small questions ----------------------------------------------------------------------------------
def port_number(text: str, name: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStart(f"{name} must be a number from 1 to 65535, not {text!r}: make run {name}=8080, for example.")
    return int(text)


def port_problem(port: int) -> OSError | None:
    with socket.socket() as trial:
        # A port whose last connections are only fading out is free.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
            trial.listen()
        except OSError as problem:
            return problem
    return None


def check_port(port: int, instead: str) -> None:
    """Raise CannotStart where this port cannot be listened on."""
    problem = port_problem(port)
    if isinstance(problem, PermissionError):
        raise CannotStart(f"Port {port} is not open to this user: choose one above 1023, {instead}.")
    if problem is not None:
        raise CannotStart(
            f"Port {port} is in use by another program: end that one, or choose another port, {instead}."
        )


def outside_broker() -> str:
    """Return the Redis to use where the embedded broker has no build, or raise CannotStart."""
    url = os.environ.get("REDIS_URL", "")
    if not url:
        raise CannotStart(
            "The embedded broker has no build for this system: start a Redis and run"
            " REDIS_URL=redis://127.0.0.1:6379/0 make run."
        )
    return url


def last_touched(path: Path) -> int | None:
    with suppress(OSError):
        return path.stat().st_mtime_ns
    return None


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


def is_healthy(port: int) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def timetable_files(path: Path) -> list[Path]:
    # Which endings there are depends on the dbm this Python was built with.
    return [
        file
        for file in path.parent.glob(f"{path.name}*")
        if file.suffix in ("", ".db", ".dat", ".dir", ".bak", ".pag")
    ]


def forget_timetable(path: Path) -> None:
    """Start from the timetable in the code: a file half-written by a killed beat is worth less than none."""
    for file in timetable_files(path):
        file.unlink(missing_ok=True)


def is_newer(path: Path) -> bool:
    return bool(timetable_files(path))


def main() -> int:
    with suppress(AttributeError, ValueError):
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        check_version(sys.version_info)
        port = port_number(os.environ.get("PORT") or "8000", "PORT")
        folder = Path(os.environ.get("FACTCHECK_VAR") or HOME / "var").absolute()
    except CannotStart as reason:
        say(str(reason))
        return 1
    service = Service(folder, port)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, service.told_to_stop)
    try:
        service.up()
        service.welcome()
        service.watch()
    except Stopped:
        say()
    except (CannotStart, StartFailed) as reason:
        say(f"\n{reason}")
        service.down()
        return 1
    except OSError as trouble:
        say(f"\nStopping, this machine refuses something ({trouble}); see {folder / 'log'}.")
        service.down()
        return 1
    say("Ending everything ...", end="")
    service.down()
    say(" done.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
