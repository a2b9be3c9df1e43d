"""Goal 8: page 10,000 of a million claims beside page 1."""

import statistics
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import published
import reading

NUMBER = 8
NAME = "page 10,000 of a million claims, CPU x page 1"
MUST, STRETCH = 1.5, 1.2
CLAIMS, DEEP, SIZE = 1_000_000, 10_000, 50


def measure() -> tuple[float, str]:
    """Return the ratio of the CPU of one request, medians of alternated rounds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reading.manage(reading.environment(folder), "fill_small", str(CLAIMS))
        cpu: dict[str, list[float]] = {"first": [], "deep": []}
        with reading.ours(folder) as server:
            asked = {"first": _page(2), "deep": _page(DEEP)}
            for number in range(reading.ROUNDS + 1):
                for place, request in asked.items():
                    spent, came = server.ask([request], count=1500 if number else 200)
                    assert set(came["statuses"]) == {"200"}, came
                    if number:
                        cpu[place].append(spent)
    first, deep = statistics.median(cpu["first"]), statistics.median(cpu["deep"])
    return deep / first, f"{deep:.3f} ms / {first:.3f} ms"


def _page(number: int) -> str:
    """Ask for a page by the cursor that the page before it ends with: row numbers are seconds from the beginning."""
    import base64
    import json

    row = CLAIMS - (number - 1) * SIZE  # counted from 0, the newest last
    values = [(published.BEGAN + timedelta(seconds=row)).isoformat(), row + 2]
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    return reading.get(f"/api/v1/claims?page_size={SIZE}&cursor={quote(cursor)}")
