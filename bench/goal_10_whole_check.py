"""Goal 10: what a whole check costs beside the bare pipeline: every page changed since it was read, one quote each."""

import statistics

import checking

NUMBER = 10
NAME = "whole source check, CPU per URL x the bare pipeline without Django"
MUST, STRETCH = 3, 2
ROUNDS, PAGES, BATCH = 3, 600, 100


def measure() -> tuple[float, str]:
    """Return the ratio of the medians of alternated runs, children's CPU counted, and what it was made of."""
    bare, whole, looks = [], [], []
    with checking.running_farm() as port:
        for _ in range(ROUNDS):
            bare.append(checking.run("bare", str(port), str(PAGES))["cpu_ms"])
            done = checking.run("whole", str(port), str(PAGES), str(BATCH))
            assert done["ok"] == 2 * PAGES and sum(done["quotes"].values()) == PAGES, done
            whole.append(done["cpu_ms"])
            looks.append(done["cpu_looks_ms"])
    ours, theirs = statistics.median(whole), statistics.median(bare)
    parts = f"{ours:.2f} ms, of it {statistics.median(looks):.2f} without the quotes, / {theirs:.2f} ms"
    return ours / theirs, f"{parts}, median of {ROUNDS}"
