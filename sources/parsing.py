"""Parse untrusted bytes in a limited child process that is kept for many documents (POSIX)."""

import contextlib
import fcntl
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources.outcomes import REASONS, Outcome

CPU_SECONDS = 10.0
WALL_SECONDS = 15.0
MAX_TEXT = 1_000_000  # characters
MAX_HEAD = 1_000_000  # bytes of an answer's JSON
_PIPE = 1 << 20  # bytes in a pipe: a page goes over in one piece
MAX_HELD = 96 * 1024 * 1024  # bytes; a child that needed so much once keeps most of it, and is replaced
MAX_DOCUMENTS = 2_000  # by one child; a fresh one has its memory whole

_KINDS = frozenset({"html", "pdf", "text", "xml", "json"})
_REFUSALS = frozenset({Outcome.BAD_TYPE, Outcome.EMPTY, Outcome.PARSE_LIMIT})
_CHILD = [sys.executable, "-I", str(Path(__file__).with_name("parser_child.py"))]


@dataclass(frozen=True)
class ParsedDocument:
    """What a document says. Author and date are guesses of a library until a person confirms them."""

    text: str
    title: str = ""
    author: str = ""
    published_on: str = ""  # an ISO date, or ""
    language: str = ""
    pages: list[int] = field(default_factory=list)  # where each page of a PDF begins in the text
    kind: str = "html"  # html, pdf, text, xml, json
    main_text: str = ""  # the article without what is around it; a guess too, and known only with metadata
    page_facts: dict[str, Any] = field(default_factory=dict)


class ParseRefused(Exception):
    """No text from this document; `outcome` is bad_type, empty or parse_limit."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


class Parser:
    """One child process and its pipes. Safe for threads (one document at a time) and across forks."""

    def __init__(
        self,
        command: list[str] | None = None,
        *,
        cpu_seconds: float = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
    ) -> None:
        self._command = command or _CHILD
        self._cpu = cpu_seconds
        self._wall = wall_seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._served = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, None when there is none yet."""
        return self._child.pid if self._child and self._owner == os.getpid() else None

    def parse(
        self, body: bytes, content_type: str = "", url: str = "", *, with_metadata: bool = False
    ) -> ParsedDocument:
        """Parse one document, or raise ParseRefused. A child that fails is ended and replaced."""
        question = {
            "content_type": content_type[:200],
            "url": url[:2048],
            "with_metadata": with_metadata,
            "length": len(body),
            "cpu": self._cpu,
        }
        head = json.dumps(question).encode()
        if self._owner != os.getpid():
            # A fork took our lock in whatever state it was; the pipes belong to the parent.
            self._lock = threading.Lock()
        with self._lock:
            try:
                return _document(*self._exchange(struct.pack(">I", len(head)) + head + body))
            except ParseRefused:
                raise
            except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
                self._end()
                raise ParseRefused(Outcome.PARSE_LIMIT, REASONS[Outcome.PARSE_LIMIT]) from error
            except BaseException:
                self._end()  # interrupted half-way: what is in the pipe is not for the next caller
                raise

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _exchange(self, frame: bytes) -> tuple[dict[str, Any], bytes, bytes]:
        child = self._ready()
        assert child.stdin and child.stdout
        deadline = time.monotonic() + self._wall
        _write(child.stdin.fileno(), frame, deadline)
        answer = _Answer(child.stdout.fileno(), deadline)
        size = struct.unpack(">I", answer.take(4))[0]
        if size > MAX_HEAD:
            raise ValueError("head")
        head = json.loads(answer.take(size))
        lengths = [head["length"], head.get("main_length", 0)]
        if not all(isinstance(length, int) and 0 <= length <= 4 * MAX_TEXT for length in lengths):
            raise ValueError("length")
        text, main = (answer.take(length) for length in lengths)
        if not answer.is_taken:
            raise ValueError("more than an answer")
        if head.get("held", 0) > MAX_HELD:
            self._end()
        return head, text, main

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            self._forget()
        if self._child is not None and (self._child.poll() is not None or self._served >= MAX_DOCUMENTS):
            self._end()
        if self._child is None:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                close_fds=True,
                start_new_session=True,
                cwd="/",
                env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
                bufsize=0,
            )
            assert self._child.stdin and self._child.stdout
            for pipe in (self._child.stdin, self._child.stdout):
                os.set_blocking(pipe.fileno(), False)
                with contextlib.suppress(OSError):  # the kernel allows a user only so much
                    fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
            self._owner, self._served = os.getpid(), 0
        self._served += 1
        return self._child

    def _forget(self) -> None:
        """Drop a child that is our parent's, not ours: close our copies of its pipes, and leave it alone."""
        if self._child is not None:
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe:
                    pipe.close()
            self._child.returncode = 0  # not ours to wait for
        self._child = None

    def _end(self) -> None:
        if self._child is None:
            return
        if self._owner != os.getpid():
            self._forget()
            return
        with contextlib.suppress(OSError):
            self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._child.wait()
        self._child = None


def _document(answer: dict[str, Any], text: bytes, main: bytes) -> ParsedDocument:
    """A document out of an answer, every field checked; garbage raises ValueError, KeyError or TypeError."""
    outcome = Outcome(answer["outcome"])
    if outcome is not Outcome.OK:
        if outcome not in _REFUSALS:
            raise ValueError("outcome")
        raise ParseRefused(outcome, str(answer.get("reason", ""))[:200] or REASONS[outcome])
    decoded, main_text = text.decode("utf-8"), main.decode("utf-8")
    pages, facts = answer["pages"], answer["facts"]
    words = {name: answer.get(name) or "" for name in ("title", "author", "published_on", "language", "kind")}
    if (
        max(len(decoded), len(main_text)) > MAX_TEXT
        or "\x00" in decoded + main_text
        or not all(isinstance(word, str) and len(word) <= 500 and "\x00" not in word for word in words.values())
        or words["kind"] not in _KINDS
        or not isinstance(pages, list)
        or not all(isinstance(start, int) and 0 <= start <= len(decoded) for start in pages)
        or not isinstance(facts, dict)
    ):
        raise ValueError("answer")
    return ParsedDocument(text=decoded, pages=pages, main_text=main_text, page_facts=facts, **words)


def _write(sink: int, data: bytes, deadline: float) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(sink, view) :]
        except BlockingIOError:
            _await(sink, select.POLLOUT, deadline)


class _Answer:
    """What a child writes, taken piece by piece; read from the pipe in as few pieces as there are."""

    def __init__(self, source: int, deadline: float) -> None:
        self._source, self._deadline = source, deadline
        self._data, self._at = bytearray(), 0

    def take(self, size: int) -> bytes:
        """The next so many bytes; raises EOFError and TimeoutError."""
        end = self._at + size
        while len(self._data) < end:
            _await(self._source, select.POLLIN, self._deadline)
            piece = os.read(self._source, _PIPE)
            if not piece:
                raise EOFError
            self._data += piece
        taken = bytes(memoryview(self._data)[self._at : end])
        self._at = end
        return taken

    @property
    def is_taken(self) -> bool:
        """Whether nothing was read beyond what was taken."""
        return self._at == len(self._data)


def _await(pipe: int, event: int, deadline: float) -> None:
    """Wait for a pipe until the deadline (monotonic seconds); raises TimeoutError."""
    poll = select.poll()  # select() ends at descriptor 1,023, and a worker with many sockets is past it
    poll.register(pipe, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError


# Parsers at rest, the last used on top, so that one thread keeps to one child. List operations need no lock,
# so none can be left locked by a fork.
_idle: list[Parser] = []


def parse_document(
    body: bytes, content_type: str = "", url: str = "", *, with_metadata: bool = False
) -> ParsedDocument:
    """Parse one document in a child of this process, or raise ParseRefused; as many children as threads that ask.

    `with_metadata` adds main text, author and date by trafilatura, at many times the cost. A page (HTML) without
    text is no refusal: `classify_page` says whether it is empty or something hides its text.
    """
    try:
        parser = _idle.pop()
    except IndexError:
        parser = Parser()
    try:
        return parser.parse(body, content_type, url, with_metadata=with_metadata)
    finally:
        _idle.append(parser)


def close_parser() -> None:
    """End this process's children at rest; the next document starts another."""
    while _idle:
        _idle.pop().close()
