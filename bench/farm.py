"""A farm of many hosts on one loopback port, in a process of its own: 60 KB pages, 50 to 300 ms late.

Run as `farm.py PORT_FILE`. A host is whatever the Host field says; the path says how a page behaves:
/page/N answers, /moved/N redirects to it, /same/N answers 304 to whoever sends a validator, /missing/N is a 404,
/silent/N never answers. POST /version/V lets every page say its V-th text.
"""

import asyncio
import hashlib
import random
import sys
from pathlib import Path

HOSTS = 64
FASTEST, SLOWEST = 0.05, 0.3  # seconds
SIZE = 60_000  # bytes of a page
WORDS = (  # noqa: SIM905
    "harbour pier tide ledger crane quay cargo vessel pilot berth channel lock sluice dock barge ferry mooring "
    "buoy signal keeper customs wharf tonnage keel anchor captain crew manifest freight salvage dredger basin"
).split()


def latency(key: str) -> float:
    """Seconds that a page takes, the same every time."""
    share = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") / 2**32
    return FASTEST + (SLOWEST - FASTEST) * share


MEAN_LATENCY = (FASTEST + SLOWEST) / 2


def quote(number: int, version: int) -> str:
    """The sentence of a page that evidence quotes; one page in ten changes its figure after the first version."""
    figure = 400 + number + (9 if version > 1 and number % 10 == 0 else 0)
    return f"The harbour office of basin {number} counted {figure} arrivals in May, nine more than the year before."


def page(number: int, version: int) -> bytes:
    """A page of 60 KB with 17 KB of text, of its own for each number, a counter of its own for each version."""
    chance = random.Random(number)
    sentences = []
    while sum(map(len, sentences)) < 16_500:
        sentences.append(" ".join(chance.choices(WORDS, k=chance.randint(8, 22))).capitalize() + ".")
    sentences.insert(len(sentences) // 2, quote(number, version))
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
    body = "".join(
        f'<p class="body-copy text-{at % 7}" data-block="{at:06d}">{text} <a href="/more/{at}">More</a></p>'
        for at, text in enumerate(paragraphs)
    )
    edited = f"<p>Edited in version {version}.</p>" if version > 1 and number % 3 == 0 else ""
    head = (
        f"<!doctype html><html lang=en><head><title>Basin {number}</title></head><body><header><nav><ul>"
        + "".join(f'<li><a href="/section/{at}">Section {at}</a></li>' for at in range(30))
        + f"</ul></nav></header><main><h1>Basin {number}</h1><p>{version * 17} comments</p>{edited}{body}</main>"
    )
    padding = "<script>" + "var a=0;" * ((SIZE - len(head) - 40) // 8) + "</script></body></html>"
    return (head + padding).encode()


class Farm(asyncio.Protocol):
    version = 1
    pages: dict[tuple[int, int], bytes] = {}

    def connection_made(self, transport):
        self.transport, self.buffer = transport, b""

    def data_received(self, data):
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            self.answer(head)

    def answer(self, head: bytes):
        path = head.split(b" ", 2)[1].decode()
        kind, _, number = path.strip("/").partition("/")
        if kind == "version":
            Farm.version = int(number)
            return self.send(b"ok", 0)
        if kind == "silent":
            return None
        if kind == "moved":
            return self.send(b"", latency(path), status="301 Moved", more=f"Location: /page/{number}\r\n")
        if kind == "same" and b"if-none-match" in head.lower():
            return self.send(None, latency(path), status="304 Not Modified")
        if kind not in ("page", "same"):
            return self.send(b"nothing here", latency(path), status="404 Not Found")
        version = Farm.version if kind == "page" else 1
        key = int(number), version
        if key not in Farm.pages:
            Farm.pages[key] = page(*key)
        return self.send(Farm.pages[key], latency(path))

    def send(self, body, after, *, status="200 OK", more=""):
        length = "" if body is None else f"Content-Length: {len(body)}\r\n"
        head = (
            f'HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nETag: "v{Farm.version}"\r\n'
            f"{length}{more}\r\n"
        )
        asyncio.get_running_loop().call_later(after, self.transport.write, head.encode() + (body or b""))


async def serve(port_file: Path) -> None:
    server = await asyncio.get_running_loop().create_server(Farm, "127.0.0.1", 0, backlog=1024)
    port_file.write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
