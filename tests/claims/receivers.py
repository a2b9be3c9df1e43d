"""Who webhooks are sent to, faked: a receiver on loopback that keeps what it is told and answers as a test sets."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from claims.models import Delivery, Endpoint
from claims.services.deliveries import send_due_deliveries
from claims.services.webhooks import create_endpoint
from sources.services.leases import database_clock
from tests.factories import DeskLeadFactory


@dataclass
class Post:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """How a path answers; `held` keeps it silent until it is set."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    held: threading.Event | None = None
    meanwhile: Callable[[], object] = lambda: None


class Receiver:
    """A receiver on a free loopback port."""

    def __init__(self):
        self.posts: list[Post] = []
        self.answers: dict[str, Answer] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.posts.append(Post(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                answer = receiver.answers.get(self.path, Answer())
                answer.meanwhile()
                if answer.held:
                    answer.held.wait(20)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *args):
                pass

            def handle_error(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *args: None
        self.origin = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, path: str = "/hook") -> str:
        return f"http://{self.origin}{path}"

    def to(self, path: str) -> list[Post]:
        return [post for post in self.posts if post.path == path]

    def close(self) -> None:
        for answer in self.answers.values():
            if answer.held:
                answer.held.set()
        self.server.shutdown()
        self.server.server_close()


class SteppedClock:
    """The database's clock, moved on by a test."""

    def __init__(self):
        self.ahead = timedelta(0)

    def __call__(self):
        return database_clock()() + self.ahead

    def step(self, **more: float) -> None:
        self.ahead += timedelta(**more)


def endpoint_at(url: str, **given) -> Endpoint:
    owner = given.pop("owner", None) or DeskLeadFactory()
    clock = SteppedClock()
    return create_endpoint(url=url, owner=owner, now=clock(), **given)[0]


def send(clock: Callable | None = None, **more) -> int:
    return send_due_deliveries(clock=clock or SteppedClock(), **more)


def only_delivery() -> Delivery:
    return Delivery.objects.select_related("endpoint").get()
