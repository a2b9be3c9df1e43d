"""Goal 12: how near whole checks come to what 64 in flight could do if our work took no time, on one core."""

import statistics

import checking
import farm

NUMBER = 12
NAME = "whole source check, share of the latency bound at 64 in flight on one core"
MUST, STRETCH = 0.7, 0.8
LESS_IS_BETTER = False
ROUNDS, PAGES = 3, 800


def measure() -> tuple[float, str]:
    """Return the median share, and the URLs a second it is made of."""
    with checking.running_farm() as port:
        rates = [checking.run("looks", str(port), str(PAGES), str(PAGES))["per_second"] for _ in range(ROUNDS)]
    bound, rate = 64 / farm.MEAN_LATENCY, statistics.median(rates)
    return rate / bound, f"{rate:.0f} of {bound:.0f} URLs/s, median of {ROUNDS}"
