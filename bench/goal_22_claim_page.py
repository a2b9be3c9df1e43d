"""Goal 20: the page of a published claim, as strangers read it, beside a bare Django view of the same bytes."""

import json
import statistics
import tempfile
import urllib.request
from pathlib import Path

import reading

NUMBER = 22
NAME = "claim page, CPU x a bare Django view of the same bytes"
MUST, STRETCH = 2.5, 1.8
CLAIMS, READ, COUNT = 400, 200, 3000


def measure() -> tuple[float, str]:
    """Return the ratio of the CPU of one request, medians of alternated rounds, once each page was made."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = reading.environment(folder, PAGE_KEPT="3600")
        told = json.loads(reading.manage(environment, "fill", str(CLAIMS)))
        paths = [f"/claims/{code[:4]}-{code[-4:]}" for code in told["codes"][:READ]]
        with reading.ours(folder, PAGE_KEPT="3600") as server:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{paths[0]}") as answer:
                page = answer.read().decode()
            with reading.bare(folder, page) as yardstick:
                asked = {
                    "page": (server, [reading.get(path) for path in paths], COUNT),
                    "bare": (yardstick, [reading.get("/constant")], COUNT),
                }
                cpu: dict[str, list[float]] = {kind: [] for kind in asked}
                for number in range(reading.ROUNDS + 1):
                    for kind, (where, requests, count) in asked.items():
                        spent, came = where.ask(requests, count=count if number else READ * 2)
                        assert set(came["statuses"]) == {"200"}, came
                        if number:  # the first round makes the pages
                            cpu[kind].append(spent)
    mine, theirs = statistics.median(cpu["page"]), statistics.median(cpu["bare"])
    return mine / theirs, f"{mine:.3f} ms / {theirs:.3f} ms, {len(page) // 1024} kB"
