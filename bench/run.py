"""Measure every goal in this folder and print the ratios: `make bench`, or `bench/run.py 19` for one of them.

A goal is a file goal_*.py with NUMBER, NAME, MUST, STRETCH and measure() -> (ratio, remark).
LESS_IS_BETTER = False where a higher ratio is the better one.
"""

import importlib.util
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # what goals share stands beside them


def goals():
    for file in sorted(Path(__file__).parent.glob("goal_*.py")):
        spec = importlib.util.spec_from_file_location(file.stem, file)
        goal = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(goal)
        yield goal


def verdict(goal, ratio: float) -> str:
    sign = 1 if getattr(goal, "LESS_IS_BETTER", True) else -1
    if sign * ratio <= sign * goal.STRETCH:
        return "stretch"
    return "met" if sign * ratio <= sign * goal.MUST else "MISSED"


def main(wanted: list[str]) -> int:
    print(f"{'goal':>4}  {'ratio':>6}  {'must':>5}  {'stretch':>7}  {'':7}  what")
    missed = 0
    for goal in goals():
        if wanted and str(goal.NUMBER) not in wanted:
            continue
        found = goal.measure()
        if found is None:
            print(f"{goal.NUMBER:>4}  {goal.NAME}: not here, what it is measured on does not answer", flush=True)
            continue
        ratio, remark = found
        said = verdict(goal, ratio)
        missed += said == "MISSED"
        print(
            f"{goal.NUMBER:>4}  {ratio:>6.2f}  {goal.MUST:>5}  {goal.STRETCH:>7}  {said:7}  {goal.NAME} ({remark})",
            flush=True,
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
