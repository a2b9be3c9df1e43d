"""Goal 14: 256 in flight: no page that answers is called late, and silent hosts hold up no others."""

import statistics

import checking

NUMBER = 14
NAME = "2 % silent hosts at 256 in flight: time of the others x without them; no false timeout"
MUST, STRETCH = 1.2, 1.1
ROUNDS, PAGES, SILENT = 3, 1500, 30


def measure() -> tuple[float, str]:
    """Return the ratio of the medians; a page that answered and was not read counts as failing the goal."""
    with checking.running_farm() as port:
        quiet, beside, wrong = [], [], 0
        for _ in range(ROUNDS):
            for silent, seconds in ((0, quiet), (SILENT, beside)):
                done = checking.run("many", str(port), str(PAGES), str(silent))
                seconds.append(done["seconds"])
                wrong += done["wrong"]
    ratio = statistics.median(beside) / statistics.median(quiet)
    said = f"{statistics.median(beside):.2f} s / {statistics.median(quiet):.2f} s, {wrong} false timeouts"
    return (ratio if not wrong else float("inf")), f"{said}, median of {ROUNDS}"
