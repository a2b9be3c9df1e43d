"""Goal 4: a page of 50 claims with their evidence."""

import reading

NUMBER = 4
NAME = "list of 50 claims with evidence, CPU x a bare Django view"
MUST, STRETCH = 4.0, 3.0


def measure() -> tuple[float, str]:
    """Return the ratio of the CPU of one request, medians of alternated rounds."""
    ratio, words = reading.beside_bare("list")
    return ratio, f"{words}, {reading.measured()['list']['bytes'] // 1000} kB"
