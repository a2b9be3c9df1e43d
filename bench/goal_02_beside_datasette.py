"""Goal 2: the same beside Datasette's row.json, on the same database file."""

import reading

NUMBER = 2
NAME = "public claim by id, times cheaper than Datasette's row.json"
MUST, STRETCH = 2.5, 3.5
LESS_IS_BETTER = False


def measure() -> tuple[float, str]:
    """Return how many times the CPU of ours theirs is."""
    found = reading.measured()
    mine, theirs = found["claim"]["cpu"], found["datasette"]["cpu"]
    return theirs / mine, f"{theirs:.3f} ms / {mine:.3f} ms"
