"""Goal 16: 100 URLs per message beside one: two processes each, as `prefork -c2` has.

The broker's own cost is left out of both: it is paid once a message, so that it would only add to the yardstick.
"""

from concurrent.futures import ThreadPoolExecutor

import checking

NUMBER = 16
NAME = "100 URLs per Celery message, URLs/s x one URL per task, two processes"
MUST, STRETCH = 15, 25
LESS_IS_BETTER = False


def both(port: int, pages: int, size: int) -> float:
    """URLs a second of two processes at once."""
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(checking.run, "looks", str(port), str(pages), str(size)) for _ in range(2)]
        return sum(run.result()["per_second"] for run in runs)


def measure() -> tuple[float, str]:
    """Return the ratio, and the rates it is made of."""
    with checking.running_farm() as port:
        one, hundred = both(port, 30, 1), both(port, 600, 100)
    return hundred / one, f"{hundred:.0f} / {one:.1f} URLs/s"
