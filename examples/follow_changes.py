"""Keep a copy of everything that is published in step, with Python's standard library alone.

    python examples/follow_changes.py https://desk.example copy.sqlite3

The first run loads the nightly dump, or begins with the first change where there is none; then it follows the feed
for ever. The cursor is saved with what it stands for, in one transaction: killed at any moment, it goes on where it
was. Withdrawn claims stay in the copy as tombstones (status 410).
"""

import gzip
import json
import sqlite3
import sys
import time
import urllib.request
from urllib.error import HTTPError

BATCH = 200


def fetched(url: str, timeout: float = 60) -> tuple[int, bytes]:
    """Return status and body; 4xx are answers too, except those that ask to come back later."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:  # noqa: S310
            return answer.status, answer.read()
    except HTTPError as error:
        if error.code == 429 or error.code >= 500:
            raise
        return error.code, error.read()


class Copy:
    """The copy: claims by id, and how far in the ledger it has come."""

    def __init__(self, path: str, api: str):
        self.api, self.db = api, sqlite3.connect(path)
        with self.db:
            self.db.execute("CREATE TABLE IF NOT EXISTS claim (id TEXT PRIMARY KEY, status INTEGER, document TEXT)")
            self.db.execute("CREATE TABLE IF NOT EXISTS place (seq INTEGER)")

    @property
    def seq(self) -> int | None:
        row = self.db.execute("SELECT seq FROM place").fetchone()
        return row[0] if row else None

    def save(self, claims: list[tuple[str, int, str]], seq: int) -> None:
        with self.db:
            self.db.executemany("REPLACE INTO claim VALUES (?, ?, ?)", claims)
            self.db.execute("DELETE FROM place")
            self.db.execute("INSERT INTO place VALUES (?)", [seq])

    def load_dump(self) -> None:
        """Begin with the dump, or before the first change where there is none yet."""
        status, packed = fetched(f"{self.api}/dump")
        if status == 404:
            return self.save([], -1)
        head, *lines = gzip.decompress(packed).decode().splitlines()
        found = [json.loads(line) for line in lines]
        rows = [(one["id"], 410 if one["citability"] == "withdrawn" else 200, json.dumps(one)) for one in found]
        return self.save(rows, json.loads(head)["seq"])

    def step(self, wait: int = 30) -> int:
        """Take what changed since, waiting for it so long; return how many rows there were."""
        if self.seq is None:
            self.load_dump()
        url = f"{self.api}/changes?after={self.seq}&page_size={BATCH}&wait={wait}"
        status, body = fetched(url, timeout=wait + 60)
        if status == 410:  # too far behind: the ledger replays only its newest rows
            self.load_dump()
            return self.step(wait)
        if status != 200:
            raise RuntimeError(body.decode())
        rows = json.loads(body)["results"]
        # What a row says is where a claim stood then; what it says now is asked for, once for all its rows.
        self.save([self.claim(code) for code in dict.fromkeys(row["claim"] for row in rows)],
                  rows[-1]["seq"] if rows else self.seq)  # fmt: skip
        return len(rows)

    def claim(self, code: str) -> tuple[str, int, str]:
        status, body = fetched(f"{self.api}/claims/{code}")
        told = json.loads(body)
        return code, status, json.dumps(told["tombstone"] if status == 410 else told)


if __name__ == "__main__":
    copy = Copy(sys.argv[2], sys.argv[1].rstrip("/") + "/api/v1")
    while True:
        try:
            count = copy.step()
            if count:
                print(f"{count} changes, now at {copy.seq}", flush=True)
        except OSError as trouble:  # away, or asks to wait: what was saved stands
            wait = getattr(trouble, "headers", None) and trouble.headers.get("Retry-After")
            time.sleep(float(wait or 2))
