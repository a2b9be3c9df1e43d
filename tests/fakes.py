"""The outside world, faked: a web site on loopback whose pages a test sets."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What one address of the site says."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """A web site on a free loopback port; `pages` maps paths to what they answer now."""

    def __init__(self):
        self.pages: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://{self.origin}{path}"

    def says(self, path: str, *paragraphs: str, status: int = 200, **headers: str) -> str:
        """Let a path answer with a page of these paragraphs from now on, and return its address."""
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        body = f"<!doctype html><html lang=en><title>{path.strip('/')}</title><body><article>{text}</article></body>"
        self.pages[path] = Answer(body, status, headers)
        return self.url(path)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self):
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.requests.append(self.path)
                answer = site.pages.get(self.path, Answer("not here", 404))
                body = answer.body.encode()
                self.send_response(answer.status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        return Handler
