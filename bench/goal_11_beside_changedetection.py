"""Goal 11: what a whole check costs beside changedetection.io's fetch and text alone, by its own functions."""

import statistics

import checking
import yardsticks

NUMBER = 11
NAME = "whole source check, times cheaper than changedetection.io's fetch and text"
MUST, STRETCH = 7, 12
LESS_IS_BETTER = False
ROUNDS, PAGES, BATCH, THEIR_PAGES = 3, 400, 100, 60


def measure() -> tuple[float, str]:
    """Return how many times the CPU of ours theirs is, medians of alternated runs."""
    python, theirs, ours = yardsticks.python(), [], []
    with checking.running_farm() as port:
        for _ in range(ROUNDS):
            beside = checking.run(str(port), str(THEIR_PAGES), program=[str(python), "bench/changedetection.py"])
            assert beside["found"] == THEIR_PAGES, beside
            theirs.append(beside["cpu_ms"])
            ours.append(checking.run("whole", str(port), str(PAGES), str(BATCH))["cpu_ms"])
    cheap, dear = statistics.median(ours), statistics.median(theirs)
    return dear / cheap, f"{dear:.1f} ms, no quotes, snapshots or rows, / {cheap:.2f} ms, median of {ROUNDS}"
