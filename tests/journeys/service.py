"""The service as it runs: web server, worker and timetable as processes of their own, and people at its door."""

import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TypeVar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from redis import Redis
from selectolax.lexbor import LexborHTMLParser, LexborNode

HOME = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
T = TypeVar("T")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what: Callable[[], T], *, seconds: float = 30, name: str = "it") -> T:
    """Return the first true answer; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"Waited {seconds} s for {name}.")


class Service:
    """One running installation with its own database, folder and broker prefix."""

    def __init__(
        self, folder: Path, *, database_url: str, redis_url: str, allowed_origin: str, sweep_every: float = 1
    ):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen] = []
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            "FACTCHECK_VAR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "REDIS_PREFIX": f"{os.environ.get('REDIS_PREFIX', 'test_factcheck:')}{uuid.uuid4().hex}:",
            "SITE_URL": self.url,
            "FETCH_ALLOWED_ORIGIN": allowed_origin,
            "FETCH_SPACING": "0",
            "SWEEP_EVERY": str(sweep_every),
            "CHECK_CONFIRM_AFTER": "1",
            "CHECK_INTERVAL_FIRST": "2",
            "CHECK_INTERVAL_MIN": "1",
            "CHECK_INTERVAL_MAX": "5",
            "CHECK_HINT": "2",  # stories are told in the past, and publishing makes their sources due then
            "READS_PER_MINUTE": "0",
            "KEY_REQUESTS_PER_MINUTE": "0",  # a story asks again and again until something has changed
            "PYTHONWARNINGS": "ignore",
        }

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=HOME, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        python = [sys.executable, "-m"]
        granian = ["granian", "--interface", "wsgi", "--port", str(self.port), "--blocking-threads", "4"]
        celery = ["celery", "-A", "factcheck"]
        self.run(*python, *granian, "factcheck.wsgi:application")
        self.run(*python, *celery, "worker", "-Q", "checks,now", "-c", "1", "--without-gossip", "--without-mingle")
        self.run(*python, *celery, "beat", "-s", str(self.folder / "beat"), "--pidfile", str(self.folder / "beat.pid"))
        wait_for(self.answers, name="the web server")

    def run(self, *command: str) -> None:
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        self.processes.append(
            subprocess.Popen(command, cwd=HOME, env=self.env, stdout=log, stderr=log, start_new_session=True)
        )

    def answers(self) -> bool:
        try:
            return Visitor(self).get("/healthz").status == 200
        except OSError:
            return False

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        if self.env["REDIS_URL"].startswith("redis://"):  # one that was there before: leave it as it was found
            with Redis.from_url(self.env["REDIS_URL"]) as client:
                for key in client.scan_iter(f"{self.env['REDIS_PREFIX']}*"):
                    client.delete(key)

    def add_person(self, username: str, role: str) -> "Visitor":
        """Make an account in this role and return its person, signed in."""
        self.manage(
            "shell",
            "-v0",
            "-c",
            "from django.contrib.auth.models import Group, User; from claims import permissions; "
            f"u = User.objects.create_user({username!r}, password={PASSWORD!r}); "
            f"u.groups.add(Group.objects.get(name={role!r})); "
            f"u.is_staff = {role!r} in permissions.DESK_ROLES; u.save()",
        )
        person = Visitor(self)
        person.submit("/login", "login", username=username, password=PASSWORD)
        return person


class Page:
    """What came back: status, final address and the document."""

    def __init__(self, status: int, url: str, body: bytes, content_type: str):
        self.status, self.url, self.content_type = status, url, content_type
        self.text = body.decode("utf-8", "replace")
        self.tree = LexborHTMLParser(self.text)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def says(self, words: str) -> bool:
        body = self.tree.body
        return words in re.sub(r"\s+", " ", body.text() if body else self.text)

    def form(self, action: str, containing: str = "") -> LexborNode:
        """Return the form whose action ends so, and that holds these words if any are given."""
        for form in self.tree.css("form"):
            target = urlsplit(urljoin(self.url, form.attributes.get("action") or "")).path
            holds = containing in re.sub(r"\s+", " ", form.html or "")
            if target.rstrip("/").endswith(action.rstrip("/")) and holds:
                return form
        raise AssertionError(f"No form to …{action} holding {containing!r} on {self.url} ({self.status})")


class Visitor:
    """Somebody with a browser of their own, which keeps cookies and fills in forms but runs no script."""

    def __init__(self, service: Service):
        self.service = service
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, data: dict | None = None, **headers: str) -> Page:
        url = urljoin(self.service.url, path)
        encoded = urlencode(data, doseq=True).encode() if data is not None else None
        request = Request(url, data=encoded, headers={"Referer": url, **headers})
        try:
            with self.opener.open(request, timeout=20) as answer:
                return Page(answer.status, answer.url, answer.read(), answer.headers.get("Content-Type", ""))
        except HTTPError as error:
            return Page(error.code, url, error.read(), error.headers.get("Content-Type", ""))

    def submit(self, path: str, action: str, containing: str = "", press: str = "", **fields: str) -> Page:
        """Open a page, fill in one of its forms over what stands in it, and send it; the answer is the last page."""
        page = self.get(path)
        form = page.form(action, containing)
        given = {**_filled(form), **fields}
        if press:
            given[press] = "1"
        return self.get(urljoin(page.url, form.attributes.get("action") or page.url), data=given)


def _filled(form: LexborNode) -> dict[str, list[str]]:
    """Return what a browser would send of a form as it stands, buttons left out."""
    given: dict[str, list[str]] = {}
    for field in form.css("input, textarea, select"):
        name, kind = field.attributes.get("name"), field.attributes.get("type") or "text"
        if not name or kind in ("submit", "button", "file"):
            continue
        if field.tag == "select":
            chosen = field.css("option[selected]") or field.css("option")[:1]
            given[name] = [option.attributes.get("value") or "" for option in chosen]
        elif kind in ("checkbox", "radio"):
            if "checked" in field.attributes:
                given.setdefault(name, []).append(field.attributes.get("value") or "on")
        else:
            given[name] = [field.text() if field.tag == "textarea" else field.attributes.get("value") or ""]
    return given
