"""The demo desk's own small web: fifteen sources on loopback, of which one changes and one goes away.

The pages are the files under ``site/``. A file ``x.html`` or ``x.txt`` answers at ``/x``. Beside it may
stand ``x.changed.html``, which takes its place some seconds after the start, or ``x.gone.html``, with which
the address answers 410 from then on.
"""

import argparse
import hashlib
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from html import escape, unescape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

HOST = "127.0.0.1"
PORT = 8001
CHANGE_AFTER = 60.0
FOLDER = Path(__file__).with_name("site")
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
ROBOTS = b"User-agent: *\nDisallow: /private/\n"


@dataclass(frozen=True)
class Page:
    """What one address answers, for as long as it answers that."""

    title: str
    body: bytes
    content_type: str = HTML
    modified: float | None = None
    status: HTTPStatus = HTTPStatus.OK

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def load_pages() -> tuple[dict[str, Page], dict[str, Page]]:
    """Read the folder: the pages by path as they stand at the start, and those that replace them later."""
    first: dict[str, Page] = {}
    later: dict[str, Page] = {}
    for file in sorted(FOLDER.rglob("*.*")):
        stem, *middle, suffix = file.name.split(".")
        if suffix not in ("html", "txt"):
            continue
        path = "/" + (file.parent.relative_to(FOLDER) / stem).as_posix()
        gone = middle == ["gone"]
        page = Page(
            title=_title(file.read_text(encoding="utf-8")),
            body=file.read_bytes(),
            content_type=HTML if suffix == "html" else TEXT,
            modified=None if middle else file.stat().st_mtime,
            status=HTTPStatus.GONE if gone else HTTPStatus.OK,
        )
        (later if middle else first)[path] = page
    return first, later


class DemoSite(ThreadingHTTPServer):
    """The demo's origin; bound when made, and answering once ``serve_forever`` runs.

    ``change_after`` counts seconds from the making; ``float("inf")`` means never. ``clock`` is for tests.
    """

    daemon_threads = True
    request_queue_size = 128  # a whole sweep of checks may knock at once

    def __init__(
        self,
        port: int = PORT,
        change_after: float = CHANGE_AFTER,
        *,
        verbose: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.verbose = verbose
        self.clock = clock
        self.changes_at = clock() + change_after
        self.first, self.later = load_pages()
        self.index = _index(self.first)
        super().__init__((HOST, port), Handler)

    def find(self, path: str) -> Page | None:
        """Return what this path answers now, or None where there is nothing."""
        if path == "/":
            return self.index
        if path == "/robots.txt":
            return Page("robots.txt", ROBOTS, TEXT)
        if path in self.later and self.clock() >= self.changes_at:
            return self.later[path]
        return self.first.get(path)

    def modified(self, page: Page) -> float | None:
        """Return when this page came to read as it does: its file's date, or the moment of the change."""
        return self.changes_at if page in self.later.values() else page.modified

    def handle_error(self, request, client_address) -> None:
        """Let a visitor hang up without a traceback; anything else is a fault and is shown."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One visitor's connection: GET and HEAD, conditional or not."""

    server: DemoSite
    protocol_version = "HTTP/1.1"
    timeout = 30  # an idle connection gives its thread back

    def do_GET(self) -> None:
        page = self.server.find(unquote(self.path.partition("?")[0]))
        if page is None:
            page = Page("Not found", NOT_FOUND, status=HTTPStatus.NOT_FOUND)
        if page.status == HTTPStatus.OK and self._has_current_copy_of(page):
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self._send_validators(page)
            self.end_headers()
            return
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        if page.status == HTTPStatus.OK:
            self._send_validators(page)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    do_HEAD = do_GET

    def version_string(self) -> str:
        return "DemoSite"

    def log_message(self, format, *args) -> None:
        if self.server.verbose:
            super().log_message(format, *args)

    def _has_current_copy_of(self, page: Page) -> bool:
        """Judge If-None-Match and, only in its absence, If-Modified-Since (RFC 9110, section 13.2.2)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or page.etag in re.findall(r'"[^"]*"', tags)
        since, modified = self.headers.get("If-Modified-Since"), self.server.modified(page)
        if since is None or modified is None:
            return False
        try:
            return int(modified) <= parsedate_to_datetime(since).timestamp()
        except ValueError:
            return False

    def _send_validators(self, page: Page) -> None:
        self.send_header("ETag", page.etag)
        self.send_header("Cache-Control", "no-cache")
        modified = self.server.modified(page)
        if modified is not None:
            self.send_header("Last-Modified", formatdate(modified, usegmt=True))


def serve(port: int = PORT, change_after: float = CHANGE_AFTER, *, verbose: bool = False) -> None:
    """Answer on loopback until SIGTERM or SIGINT. Raises OSError where the port is taken."""
    with DemoSite(port, change_after, verbose=verbose) as site:

        def stop(signum, frame):
            # shutdown() waits for serve_forever(), which runs in the thread this handler interrupts.
            threading.Thread(target=site.shutdown, daemon=True).start()

        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, stop)
        site.serve_forever(poll_interval=0.2)


def main(argv: list[str] | None = None) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m factcheck.demo.site", description="Serve the sources of the demo desk on loopback."
    )
    parser.add_argument("--port", type=int, default=PORT, help="port on 127.0.0.1 (default %(default)s)")
    parser.add_argument(
        "--change-after",
        type=float,
        default=CHANGE_AFTER,
        metavar="SECONDS",
        help="when one source changes a figure and another is gone (default %(default)s; inf: never)",
    )
    parser.add_argument("--verbose", action="store_true", help="write one line for each request")
    options = parser.parse_args(argv)
    try:
        serve(options.port, options.change_after, verbose=options.verbose)
    except (OSError, OverflowError) as error:
        sys.exit(f"The demo's sources cannot be served on {HOST}:{options.port}: {error}. Try another --port.")


def _title(text: str) -> str:
    found = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    return unescape(found[1]) if found else text.partition("\n")[0].strip().capitalize()


def _shell(title: str, content: str) -> bytes:
    return f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{title}</title>
    <style>
      body {{ max-width: 44rem; margin: 3rem auto; padding: 0 1rem; font: 1.06rem/1.6 Georgia, serif; }}
    </style>
  </head>
  <body>
    <h1>{title}</h1>
{content}
  </body>
</html>
""".encode()


def _index(pages: dict[str, Page]) -> Page:
    rows = "\n".join(
        f'      <li><a href="{escape(path)}">{escape(page.title)}</a></li>' for path, page in pages.items()
    )
    words = "    <p>What the claims of the demo desk rest on. Places and people are fictional.</p>\n"
    return Page("", _shell("Sources of the demo desk", f"{words}    <ul>\n{rows}\n    </ul>"))


NOT_FOUND = _shell("Not found", '    <p>There is no page here. <a href="/">All sources</a></p>')

if __name__ == "__main__":
    main()
